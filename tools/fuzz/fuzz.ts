import { readFileSync } from "node:fs";

import { createFileRegistry, fromBinary, toBinary, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

import { Random } from "../../packages/nx-wplug/src/testing/random";
import { randomMessage } from "../../packages/nx-wplug/src/testing/random-message";
import * as generated from "./gen/index.js";
import { mutate } from "../../tools/fuzz/mutate";
import { PACKAGE } from "../../tools/fuzz/schema";
import { hasWrongWireType } from "../../tools/fuzz/wire-types";
import { RawPlugin } from "../../tools/raw-plugin";

type Class = { decode(bytes: Uint8Array): { encode(): Uint8Array } };

/** Bytes, or why there are none. */
type Outcome = { readonly bytes: Uint8Array } | { readonly error: string };

const [, , casesText = "", seedText = "", messagesText = ""] = process.argv;
const cases = Number(casesText);
const firstSeed = Number(seedText);
const messages = Number(messagesText);

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(new URL("./descriptors.bin", import.meta.url))),
);
const descs = Array.from(
  { length: messages },
  (_, i) => registry.getMessage(`${PACKAGE}.M${i}`) as DescMessage,
);
const plugin = new RawPlugin(new URL("./plugin.wasm", import.meta.url));

const counts = { accepted: 0, refused: 0 };
const differences = new Map<string, number>();
let failures = 0;

for (let i = 0; i < cases; i++) {
  const seed = firstSeed + i;
  const random = new Random(seed);
  const index = random.below(messages);
  const desc = descs[index] as DescMessage;
  const valid = toBinary(desc, randomMessage(desc, random));
  const bytes = random.chance(0.4)
    ? valid
    : mutate(valid, toBinary(desc, randomMessage(desc, random)), random);
  check(seed, index, desc, bytes);
}

console.log(`${counts.accepted} accepted, ${counts.refused} refused by all`);
for (const [difference, count] of [...differences].sort()) {
  console.log(`known difference: ${difference}: ${count} times`);
}
console.log(`fuzz: ${cases - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

/** Compares what the three make of the same bytes. */
function check(seed: number, index: number, desc: DescMessage, bytes: Uint8Array): void {
  const type = (generated as unknown as Record<string, Class>)[`M${index}`] as Class;
  const reference = attempt(() => canonical(desc, bytes));
  const typescript = attempt(() => type.decode(bytes).encode());
  const assemblyscript = attempt(() => plugin.call(`fuzz_echo${index}`, bytes));
  const report = (what: string) =>
    fail(seed, desc, bytes, what, { reference, typescript, assemblyscript });

  if ("error" in typescript !== "error" in assemblyscript) {
    return report("TypeScript and AssemblyScript disagree");
  }
  if ("error" in assemblyscript && !/^malformed fuzz\.M\d+: /.test(assemblyscript.error)) {
    return report("the plugin crashed");
  }
  if ("bytes" in typescript && "bytes" in assemblyscript) {
    if (!equal(typescript.bytes, assemblyscript.bytes)) {
      if (!equalButForNaN(typescript.bytes, assemblyscript.bytes)) {
        return report("TypeScript and AssemblyScript write other bytes");
      }
      know("the payload of a NaN stays in AssemblyScript; JavaScript may change it");
    }
  }
  if (hasWrongWireType(desc, bytes)) {
    return know("protobuf-es does not look at the wire types of fields: not compared with it");
  }
  if ("error" in typescript) {
    if ("error" in reference) return void counts.refused++;
    const reason = stricter(typescript.error);
    return reason === undefined ? report("only the reference accepts") : know(reason);
  }
  if ("error" in reference) return report("only the reference refuses");
  counts.accepted++;
  // protobuf-es sorts map keys that look like numbers, so what counts is what it reads from what we write.
  const again = attempt(() => canonical(desc, typescript.bytes));
  if (!("bytes" in again) || !equalButForNaN(again.bytes, reference.bytes)) {
    report("the values differ");
  }
}

/** Why we refuse what protobuf-es accepts: what protobuf's own implementations refuse, too. */
function stricter(error: string): string | undefined {
  const reasons = {
    "the message ends in the middle of a value":
      "bounds: protobuf-es reads past the end of a nested message or map entry",
    "a value runs past the end of its message":
      "bounds: protobuf-es reads past the end of a nested message or map entry",
    "the length runs past the end of the message":
      "bounds: protobuf-es reads past the end of a nested message or map entry",
    "a group ends that did not begin":
      "protobuf-es takes the end of a group for the end of a message",
    "a varint is longer than ten bytes": "protobuf-es skips varints of any length",
    "the field number is too large": "protobuf-es cuts off tags at 32 bits",
  };
  return Object.entries(reasons).find(([text]) => error.includes(text))?.[1];
}

function know(difference: string): void {
  differences.set(difference, (differences.get(difference) ?? 0) + 1);
}

function canonical(desc: DescMessage, bytes: Uint8Array): Uint8Array {
  return toBinary(desc, fromBinary(desc, bytes));
}

function attempt(run: () => Uint8Array): Outcome {
  try {
    return { bytes: run() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Whether all that differs are the payloads of NaNs, which JavaScript does not keep. */
function equalButForNaN(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    const end = endOfNaN(a, b, i);
    if (end === undefined) return false;
    i = end - 1;
  }
  return true;
}

/** Where a float or double ends that holds byte `i` and is NaN in both. */
function endOfNaN(a: Uint8Array, b: Uint8Array, i: number): number | undefined {
  for (const size of [4, 8]) {
    for (let start = Math.max(0, i - size + 1); start <= i && start + size <= a.length; start++) {
      if ([a, b].every((bytes) => Number.isNaN(numberAt(bytes, start, size)))) return start + size;
    }
  }
  return undefined;
}

function numberAt(bytes: Uint8Array, start: number, size: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, size);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function fail(
  seed: number,
  desc: DescMessage,
  bytes: Uint8Array,
  what: string,
  outcomes: Record<string, Outcome>,
): void {
  if (++failures > 25) return;
  console.error(`\nseed ${seed}, ${desc.typeName}: ${what}`);
  console.error(`  input: ${Buffer.from(bytes).toString("hex").slice(0, 400)}`);
  for (const [name, outcome] of Object.entries(outcomes)) {
    const text =
      "bytes" in outcome ? Buffer.from(outcome.bytes).toString("hex").slice(0, 400) : outcome.error;
    console.error(`  ${name}: ${text}`);
  }
}
