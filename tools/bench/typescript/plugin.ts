import { type All, type Bench, type Greeting, registerBench } from "@bench/contract/plugin";

import { work } from "./work.js";

class MyBench implements Bench {
  greet({ text }: Greeting) {
    return { text: `Hello, ${text}` };
  }

  change(all: All) {
    all.double += 1;
    all.single += 1;
    all.int32 += 1;
    all.int64 += 1n;
    all.uint32 += 1;
    all.uint64 += 1n;
    all.flag = !all.flag;
    all.text += "!";
    all.raw = Uint8Array.from(all.raw, (byte) => byte ^ 1);
    all.color = 1 - all.color;
    if (all.point !== undefined) all.point.x += 1;
    all.maybe = (all.maybe ?? 0) + 1;
    all.note += "!";
    all.numbers.push(1);
    all.texts.push("!");
    for (const point of all.points) point.y += 1;
    all.choice = { case: "index", value: 1 };
    for (const [key, count] of all.counts) all.counts.set(key, count + 1);
    return all;
  }

  work({ text }: Greeting) {
    return { text: work(text) };
  }
}

registerBench(new MyBench());
