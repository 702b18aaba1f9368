import type { HandshakeService } from "../descriptors/service-descriptor.js";
import { ApiVersionMismatchError, PluginLoadError } from "../errors/plugin-errors.js";
import type { PluginModule } from "../module/plugin-module.js";
import { recordedVersion } from "../module/recorded-services.js";
import type { LoadOptions } from "../options/load-options.js";
import { AdaptedRunner, type Methods } from "./adapted-runner.js";
import { compilePlugin, missingAbiExports, missingExportProblem } from "./handshake.js";
import {
  checkVersions,
  isAdapter,
  notServedProblem,
  type AnyPluginVersions,
  type OpenAny,
} from "./plugin-versions.js";
import { START_TIME, startApart } from "./start-apart.js";

/** @throws ApiVersionMismatchError if the host has nothing for the plugin's version; PluginLoadError */
export const openAny: OpenAny = async (source, service, versions, options) => {
  checkVersions(service, versions);
  if (options.watch !== undefined) {
    throw new PluginLoadError(
      "watch: loadAny can't watch a file, whose version may change: use load",
    );
  }
  const module = await compilePlugin(source, options);
  // What these say is about the source, of which all is known now.
  const rest = { ...options, sha256: undefined, oci: undefined };
  const version = recordedVersion(module, service) ?? (await askVersion(module, service, options));
  const served = Object.hasOwn(versions, Number(version)) ? versions[Number(version)] : undefined;
  if (served === undefined) throw notServed(module, service, versions, version);
  if (!isAdapter(served)) return served.load(module, rest);
  // Host functions have a version too: those of the new one are not for the old one.
  const old = await served.loader.load(module, {
    ...rest,
    ...({ host: undefined } as LoadOptions),
    ...served.options,
  });
  try {
    return new AdaptedRunner(old, served.upgrade(old) as Methods);
  } catch (error) {
    await old.dispose();
    throw error;
  }
};

/** Starts a plugin that does not tell its version otherwise, with nothing that it could do anything with. */
async function askVersion(
  module: PluginModule,
  service: HandshakeService,
  { limits }: LoadOptions,
): Promise<bigint> {
  const missing = missingAbiExports(module, service);
  if (missing.length > 0) {
    throw new PluginLoadError(
      `${missing.map(missingExportProblem).join(", ")} (${module.name}, loaded as ${service.typeName})`,
    );
  }
  const { version } = await startApart(
    module,
    { ...service, methods: {} },
    { ...limits, time: limits?.time ?? START_TIME, slice: undefined, fuel: undefined },
  );
  return version;
}

function notServed(
  module: PluginModule,
  service: HandshakeService,
  versions: AnyPluginVersions,
  version: bigint,
): ApiVersionMismatchError {
  return new ApiVersionMismatchError(
    `${notServedProblem(versions, version)} (${module.name}, loaded as ${service.typeName}): ` +
      `build the plugin from one of these versions of the contract, or give loadAny an adapter for version ${version}`,
    BigInt(service.version),
    version,
  );
}
