import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import type { MessageType } from "@wplug/runtime";

import { contractOf } from "../testing/compile-inline";
import { everythingProtos } from "../testing/everything-proto";
import { loadGenerated } from "../testing/load-generated";
import { emitHostSdk } from "./emit-host-sdk";

const WORD = 8;
/** As many bytes of messages as other things on the heap don't matter beside. */
const TOTAL = 32 << 20;
/** What else lets go of memory meanwhile, like a compiler that has been used before, does so in few of them. */
const ROUNDS = 5;

setFlagsFromString("--expose-gc");
const collectOnce = runInNewContext("gc") as () => void;

/** What a turn of the event loop holds on to is let go with it. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectOnce();
  }
}

/** Bytes of the heap that a message takes, which are about as many as `expected`. */
async function sizeOf(type: MessageType, expected: number): Promise<number> {
  const count = Math.ceil(TOTAL / expected);
  const kept = new Array<unknown>(count).fill(new type());
  await collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++) kept[i] = new type();
  await collect();
  const size = (process.memoryUsage().heapUsed - before) / count;
  // They are kept until here.
  return kept.length === count ? size : 0;
}

async function medianSizeOf(type: MessageType, expected: number): Promise<number> {
  const sizes: number[] = [];
  for (let i = 0; i < ROUNDS; i++) sizes.push(await sizeOf(type, expected));
  return sizes.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

describe("the weight of a message", () => {
  it("is about what a new one takes in memory, whatever it has", async () => {
    const classes = await loadGenerated<Record<string, MessageType>>(
      emitHostSdk(contractOf(everythingProtos)),
    );
    const types = Object.values(classes).filter(
      (type) => typeof type === "function" && "weight" in type,
    );
    expect(types.length).toBe(2);
    for (const type of types) {
      const weight = (type.weight ?? 0) * WORD;
      const ratio = weight / (await medianSizeOf(type, weight));
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.5);
    }
  });
});

describe("generated code", () => {
  const text = emitHostSdk(
    contractOf({
      "a.proto": `syntax = "proto3"; package a;
        message Item {}
        message Lists {
          repeated Item items = 1;
          repeated int32 numbers = 2;
          repeated double doubles = 3;
          repeated fixed32 words = 4;
          map<int32, Item> by_id = 5;
          map<int32, string> names = 6;
        }`,
    }),
  ).find(({ path }) => path === "a.pb.ts")?.content;

  it.each([
    ["numbers of packed lists by the bytes that they take at least", "enterPacked(reader, 1)"],
    ["those of eight bytes", "enterPacked(reader, 8)"],
    ["those of four bytes", "enterPacked(reader, 4)"],
    ["numbers of lists that are not packed", "charge(reader, 1);\n          message.numbers.push("],
    ["map entries", "enterEntry(reader);"],
    ["map entries and the messages in them", "enterEntry(reader, Item);"],
  ])("counts %s", (_, code) => {
    expect(text).toContain(code);
  });
});
