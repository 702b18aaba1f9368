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
    const { remote, ...inspection } = await withOci(async (oci) => {
      if (!isRemote) return { ...(await oci.inspect(resolve(folder, source))), remote: undefined };
      const remote = await oci.resolvePlugin(source);
      // By its digest: the tag may be moved in between.
      const inspection = await oci.inspect(remote.reference, { oci: { onProgress } });
      return { ...inspection, name: source, remote };
    });
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
