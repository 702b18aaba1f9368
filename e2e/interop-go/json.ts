/** The well-known types in proto3 JSON, against Go's protojson. `json.mjs GO-PROGRAM SEEDS` */
import { spawnSync } from "node:child_process";

import {
  newDifferences,
  type JsonPeer,
  type Outcome,
} from "../../packages/well-known-types/src/testing/json-peer.js";

const [program = "", seeds = "100"] = process.argv.slice(2);

interface Answer {
  readonly json?: string;
  readonly bytes?: string;
  readonly error?: string;
}

function ask(lines: readonly object[]): Outcome[] {
  const { stdout, stderr, status } = spawnSync(program, {
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const { bytes, ...answer } = JSON.parse(line) as Answer;
      return { ...answer, ...(bytes !== undefined && { bytes: Buffer.from(bytes, "base64") }) };
    });
}

const protojson: JsonPeer = {
  write: (messages) =>
    ask(
      messages.map(({ desc, bytes }) => ({
        type: desc.typeName,
        bytes: Buffer.from(bytes).toString("base64"),
      })),
    ),
  read: (texts) => ask(texts.map(({ desc, json }) => ({ type: desc.typeName, json }))),
};

const known = [
  {
    line: /wplug writes [^]*google\.protobuf\.Empty", ?"value": ?\{\}/,
    reason: "Go writes an Empty in an Any as if it had a form of its own; both read both",
  },
];
const lines = newDifferences(protojson, Number(seeds), known);
for (const line of lines.slice(0, 20)) console.log(`✕ ${line}`);
if (lines.length > 20) console.log(`and ${lines.length - 20} more`);
process.exit(lines.length > 0 ? 1 : 0);
