import { work } from "./work.js";

const greet = (text) => `Hello, ${text}`;

// One of the engines has 64-bit integers as BigInt, the other as number.
const next = (number) => (typeof number === "bigint" ? number + 1n : number + 1);

function change(all) {
  all.double += 1;
  all.single += 1;
  all.int32 += 1;
  all.int64 = next(all.int64);
  all.uint32 += 1;
  all.uint64 = next(all.uint64);
  all.flag = !all.flag;
  all.text += "!";
  all.raw = Uint8Array.from(all.raw, (byte) => byte ^ 1);
  all.color = all.color === "red" ? "black" : "red";
  all.point.x += 1;
  all.maybe = (all.maybe ?? 0) + 1;
  all.note += "!";
  all.numbers = [...all.numbers, 1];
  all.texts = [...all.texts, "!"];
  for (const point of all.points) point.y += 1;
  all.choice = { tag: "index", val: 1 };
  all.counts = all.counts.map(([key, count]) => [key, count + 1]);
  return all;
}

export const calls = { greet, change, work };
