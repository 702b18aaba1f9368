/** What `// go:plugin …` says about a service. */
export type Annotation =
  | { readonly type: "plugin"; readonly version: number }
  | { readonly type: "host"; readonly module: string };

/** A mistake in an annotation: what is wrong and what to do. */
export class AnnotationError extends Error {
  constructor(
    message: string,
    /** Index of the line with the mistake. */
    readonly line: number,
  ) {
    super(message);
  }
}

/** Something in an annotation that means nothing, and was probably meant to. */
export interface AnnotationWarning {
  readonly message: string;
  /** Index of the line. */
  readonly line: number;
}

const marker = "go:plugin";
const pluginExample = '"// go:plugin type=plugin version=1"';
const hostExample = '"// go:plugin type=host"';

/** Keys that an annotation of each type has. */
const keys = { plugin: ["type", "version"], host: ["type", "module"] } as const;

/** Whether a line of a comment is an annotation, by go-plugin's rule. */
export function isAnnotation(line: string): boolean {
  return line.trimStart().startsWith(marker);
}

interface Word {
  readonly text: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/**
 * Reads the annotation of a service as go-plugin's generator does: its lines are one, a missing version is 1, and what is not
 * key=value or has another key is ignored. That is where a typo hides, hence the warnings.
 *
 * Refused is what go-plugin takes and nobody can mean: two values of a key, a type that makes no code, a module that it overlooks.
 *
 * @param lines those of the comment that are annotations
 * @throws AnnotationError
 */
export function parseAnnotation(
  lines: readonly string[],
  warn: (warning: AnnotationWarning) => void,
): Annotation {
  const words = lines.flatMap(wordsOf);
  const values = new Map<string, Word>();
  for (const word of words) {
    const other = values.get(word.key);
    if (other !== undefined && other.value !== word.value) {
      throw new AnnotationError(`${word.key} is given twice: remove one`, word.line);
    }
    if (word.value !== "") values.set(word.key, word);
  }
  const type = typeOf(values.get("type"));
  const known: readonly string[] = keys[type];
  for (const { text, key, value, line } of words) {
    if (key !== "" && value !== "" && known.includes(key)) continue;
    const what = key === "" || value === "" ? `"${text}" is not key=value` : `unknown key "${key}"`;
    warn({ message: `${what}, which is ignored: type=${type} has ${known.join(" and ")}`, line });
  }
  if (type === "plugin") return { type, version: parseVersion(values.get("version")) };
  return { type, module: parseModule(words, values.get("module")) };
}

function wordsOf(line: string, index: number): Word[] {
  const words = line.trim().slice(marker.length).split(/\s+/).filter(Boolean);
  return words.map((text) => {
    const equals = text.indexOf("=");
    return {
      text,
      key: text.slice(0, Math.max(0, equals)),
      value: equals < 0 ? "" : text.slice(equals + 1),
      line: index,
    };
  });
}

function typeOf(word: Word | undefined): Annotation["type"] {
  if (word === undefined) {
    throw new AnnotationError(
      `type is missing: write ${pluginExample}, or ${hostExample} for functions that the host offers to plugins`,
      0,
    );
  }
  const { value, line } = word;
  if (value === "plugin" || value === "host") return value;
  throw new AnnotationError(
    `unknown type "${value}": use type=plugin for a service that plugins implement, ` +
      "type=host for functions that the host offers to plugins",
    line,
  );
}

function parseVersion(word: Word | undefined): number {
  if (word === undefined) return 1;
  const { value, line } = word;
  const version = Number(value);
  if (!/^[0-9]+$/.test(value) || !Number.isSafeInteger(version)) {
    throw new AnnotationError(
      `version must be a whole number, not "${value}": write ${pluginExample}`,
      line,
    );
  }
  return version;
}

function parseModule(words: readonly Word[], word: Word | undefined): string {
  if (word === undefined) return "env";
  const { value, line } = word;
  if (
    words.findIndex(({ key }) => key === "module") < words.findIndex(({ key }) => key === "type")
  ) {
    throw new AnnotationError(
      `module comes before type, where go-plugin overlooks it: write "// go:plugin type=host module=${value}"`,
      line,
    );
  }
  return value;
}
