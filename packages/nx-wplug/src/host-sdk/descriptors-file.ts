import type { Contract } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
import type { PrintFile } from "./print-file";

/** What `descriptors.ts` exports. */
export const DESCRIPTORS = "descriptors";

/**
 * `descriptors.ts`: what servers need for JSON and reflection. It is apart from the loaders, so that hosts which serve nobody can leave
 * it out.
 */
export function descriptorsFile({ descriptors }: Contract, print: PrintFile): GeneratedFile {
  const text = Buffer.from(descriptors).toString("base64");
  // With its type, or declarations would have all of it once more.
  const constant =
    "/** The contract's protos, as a `google.protobuf.FileDescriptorSet` in base64: for `connectRoutes` and `serverReflection`. */\n" +
    `export const ${DESCRIPTORS}: string =\n  "${text}";\n`;
  return print("descriptors.ts", "the contract's protos", [], [constant]);
}
