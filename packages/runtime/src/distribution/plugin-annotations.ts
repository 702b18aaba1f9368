import type { PluginInspection } from "../module/inspect.js";

/** Annotations of manifests, by which a plugin is known without being loaded. */
export const CONTRACT = "wplug.contract";
/** `greeter.v1.Greeter=1,greeter.v1.Admin=2` */
export const SERVICES = "wplug.services";
/** Bytes. */
export const SIZE = "wplug.size";
export const VERSION = "org.opencontainers.image.version";

/** What a plugin is, as whoever pushed it said. Nothing in it is checked before the plugin is loaded. */
export interface DescribedPlugin {
  /** The plugin's own, from its package.json. */
  readonly version: string | undefined;
  /** The project of the contract. */
  readonly contract: string | undefined;
  /** Versions of its services by their names. */
  readonly services: Readonly<Record<string, number>>;
}

/** The annotations for a plugin: what wplug wrote into it when it was built. */
export function annotationsFor(
  { section, services }: PluginInspection,
  size: number,
): Record<string, string> {
  const { contract } = (section ?? {}) as { contract?: unknown };
  const versions = services.flatMap(({ typeName, version }) =>
    typeName === undefined || version === undefined ? [] : [`${typeName}=${version}`],
  );
  return {
    ...(typeof contract === "string" ? { [CONTRACT]: contract } : {}),
    ...(versions.length === 0 ? {} : { [SERVICES]: versions.sort().join(",") }),
    [SIZE]: String(size),
  };
}

export function describedBy(annotations: Readonly<Record<string, string>>): DescribedPlugin {
  const entries = (annotations[SERVICES] ?? "").split(",").flatMap((it): [string, number][] => {
    const [, name, version] = /^([\w.]+)=(\d{1,15})$/.exec(it) ?? [];
    return name === undefined ? [] : [[name, Number(version)]];
  });
  const { [CONTRACT]: contract, [VERSION]: version } = annotations;
  return {
    version: version !== undefined && /^[\w.+-]{1,100}$/.test(version) ? version : undefined,
    contract: contract !== undefined && /^[\w@/.-]{1,200}$/.test(contract) ? contract : undefined,
    services: Object.fromEntries(entries),
  };
}
