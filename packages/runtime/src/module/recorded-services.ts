import type { PluginModule } from "./plugin-module.js";
import { readWplugSection } from "./wplug-section.js";

/** What the section `wplug` of a plugin says of a service. */
export interface RecordedService {
  readonly typeName: string;
  readonly version: number;
}

/** The services that a section `wplug` names. */
export function recordedServices(section: unknown): RecordedService[] {
  const { services } = (section ?? {}) as { services?: unknown };
  if (!Array.isArray(services)) return [];
  return services.filter(
    (it: Partial<RecordedService> | null) =>
      typeof it?.typeName === "string" && typeof it.version === "number",
  );
}

/** What is said of a service; undefined if nothing is. */
export function recordOf(
  name: string,
  services: readonly RecordedService[],
): RecordedService | undefined {
  return services.find(({ typeName }) => plainName(typeName) === plainName(name));
}

/** `GreeterAdmin` and `greeter_admin` are the same. */
function plainName(name: string): string {
  return name
    .slice(name.lastIndexOf(".") + 1)
    .replaceAll("_", "")
    .toLowerCase();
}

/** The version that a plugin claims in its file; undefined if the file does not tell. */
export function recordedVersion(
  module: PluginModule,
  { name }: { readonly name: string },
): bigint | undefined {
  const record = recordOf(name, recordedServices(readWplugSection(module.module)));
  return record === undefined || !Number.isSafeInteger(record.version)
    ? undefined
    : BigInt(record.version);
}
