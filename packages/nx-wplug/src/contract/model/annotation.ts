/** What `// go:plugin …` says about a service. */
export type Annotation =
  | { readonly type: "plugin"; readonly version: number }
  | { readonly type: "host"; readonly module: string };

/** A mistake in an annotation: what is wrong and what to do. */
export class AnnotationError extends Error {}

const marker = "go:plugin";
const pluginExample = '"// go:plugin type=plugin version=1"';
const hostExample = '"// go:plugin type=host"';

/** Whether a line of a comment is an annotation, by go-plugin's rule. */
export function isAnnotation(line: string): boolean {
  return line.trimStart().startsWith(marker);
}

/**
 * Reads an annotation line. go-plugin accepts more: it ignores what it does not know and takes 1 for a missing version.
 *
 * @throws AnnotationError
 */
export function parseAnnotation(line: string): Annotation {
  const values = new Map<string, string>();
  for (const word of line.trim().slice(marker.length).split(/\s+/).filter(Boolean)) {
    const [, key, value] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new AnnotationError(`"${word}" is not key=value: write ${pluginExample}`);
    }
    if (values.has(key)) throw new AnnotationError(`${key} is given twice: remove one`);
    values.set(key, value);
  }
  const type = values.get("type");
  switch (type) {
    case "plugin":
      refuseOthers(values, ["type", "version"], "type=plugin");
      return { type, version: parseVersion(values.get("version")) };
    case "host":
      refuseOthers(values, ["type", "module"], "type=host");
      return { type, module: values.get("module") ?? "env" };
    case undefined:
      throw new AnnotationError(
        `type is missing: write ${pluginExample}, or ${hostExample} for functions that the host offers to plugins`,
      );
    default:
      throw new AnnotationError(
        `unknown type "${type}": use type=plugin for a service that plugins implement, ` +
          "type=host for functions that the host offers to plugins",
      );
  }
}

function parseVersion(text: string | undefined): number {
  if (text === undefined) {
    throw new AnnotationError(`version is missing: write ${pluginExample}`);
  }
  const version = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(version)) {
    throw new AnnotationError(
      `version must be a whole number, not "${text}": write ${pluginExample}`,
    );
  }
  return version;
}

function refuseOthers(values: ReadonlyMap<string, string>, known: string[], type: string): void {
  for (const key of values.keys()) {
    if (!known.includes(key)) {
      throw new AnnotationError(`unknown key "${key}": ${type} has ${known.join(" and ")}`);
    }
  }
}
