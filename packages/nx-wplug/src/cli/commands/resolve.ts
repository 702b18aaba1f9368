import { withOci } from "../../distribution/load-oci";
import type { Command } from "../command";

export const resolve: Command = {
  summary: "Says which digest a tag stands for now.",
  usage: "oci://HOST/NAME:TAG",
  arguments: [1, 1],
  options: {},
  async run({ positionals: [reference = ""] }) {
    const resolved = await withOci((oci) => oci.resolvePlugin(reference));
    return { json: resolved, lines: [resolved.reference] };
  },
};
