import { withOci } from "../../distribution/load-oci";
import type { Command } from "../command";

export const copy: Command = {
  summary: "Copies a plugin with its signatures: between registries, to a folder, from one.",
  usage: "FROM TO, each oci://HOST/NAME:TAG or FOLDER:TAG",
  arguments: [2, 2],
  options: {
    force: { type: "boolean", description: "Moves a tag that is there with another digest." },
  },
  async run(args, { onProgress }) {
    const [from = "", to = ""] = args.positionals;
    const force = args.flag("force");
    const copied = await withOci((oci) => oci.copyPlugin(from, to, { force, onProgress }));
    const { manifest, signatures } = copied;
    return {
      json: copied,
      lines: [`${to}  ${manifest}`, ...(signatures === 0 ? [] : [`with ${signatures} signatures`])],
    };
  },
};
