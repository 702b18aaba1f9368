import { resolve } from "node:path";

import { withOci } from "../../distribution/load-oci";
import { isRegistrySource } from "../../distribution/workspace-plugins";
import type { Command } from "../command";

export const inspect: Command = {
  summary: "Says what a plugin is, in a file or a registry, without running it.",
  usage: "FILE|oci://HOST/NAME:TAG",
  arguments: [1, 1],
  options: {},
  async run({ positionals: [source = ""] }, { folder, onProgress }) {
    const isRemote = isRegistrySource(source);
    const inspection = await withOci((oci) =>
      oci.inspect(isRemote ? source : resolve(folder, source), {
        oci: { unpinned: true, onProgress },
      }),
    );
    const remote = isRemote ? await withOci((oci) => oci.resolvePlugin(source)) : undefined;
    const { toolchain, services, hostFunctions, wasi, memory } = inspection;
    const versions = services.map(({ name, typeName = name, version, methods }) => {
      const known = version === undefined ? "" : ` ${version}`;
      return `service    ${typeName}${known}: ${methods.join(", ")}`;
    });
    return {
      json: { ...inspection, ...(remote === undefined ? {} : { registry: remote }) },
      lines: [
        ...(remote === undefined
          ? []
          : [`manifest   ${remote.manifest}`, `layer      ${remote.layer}`]),
        `made by    ${toolchain}`,
        ...versions,
        `needs      ${hostFunctions.join(", ") || "no host functions"}`,
        `WASI       ${wasi.join(", ") || "none"}`,
        ...(memory === undefined ? [] : [`memory     ${memory.initial} bytes at first`]),
      ],
    };
  },
};
