/** Random messages of all types of a corpus, as generated code encodes them and as protobuf-es does. `compare.mjs DESCRIPTORS` */
import { readFileSync } from "node:fs";

import { createFileRegistry, fromBinary, toBinary, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Message, MessageType } from "@wplug/runtime";

import { Random } from "../../packages/nx-wplug/src/testing/random";
import { randomMessage } from "../../packages/nx-wplug/src/testing/random-message";
// Made by run.mjs: the generated modules.
import * as generated from "generated-modules";

const MESSAGES = 10;

type Class = MessageType & { decode(bytes: Uint8Array): Message };

const [path = ""] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(path)));
const classes = Object.values(generated as Record<string, Record<string, unknown>>)
  .flatMap((module) => Object.values(module))
  .filter((it): it is Class => typeof it === "function" && "typeName" in it);

const wrong = classes.filter((type) => {
  const desc = registry.getMessage(type.typeName);
  return desc === undefined || !encodesAlike(type, desc);
});
for (const { typeName } of wrong) console.error(`${typeName} is encoded in another way`);
console.log(`${classes.length} types`);
process.exit(wrong.length > 0 || classes.length === 0 ? 1 : 0);

function encodesAlike(type: Class, desc: DescMessage): boolean {
  // By way of the reference, as it has an order of its own for the entries of maps.
  const normalized = (bytes: Uint8Array) => toBinary(desc, fromBinary(desc, bytes));
  return Array.from({ length: MESSAGES }, (_, i) => {
    const bytes = normalized(toBinary(desc, randomMessage(desc, new Random(i + 1))));
    const message = type.decode(bytes);
    // The constructor copies every kind of field.
    return [message, new type(message)].every(
      (it) => Buffer.compare(normalized(it.encode()), bytes) === 0,
    );
  }).every(Boolean);
}
