import {
  createRegistry,
  type JsonValue,
  type MessageRegistry,
  type MessageType,
} from "@wplug/runtime";
import type { DescMessage } from "@bufbuild/protobuf";

import * as wellKnown from "../index.js";
import { canonical, randomNumbers, randomWellKnown, references } from "./random-well-known.js";

/** What became of a message: its text of JSON, or its bytes; neither if it was refused. */
export interface Outcome {
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly error?: string;
}

export interface ToWrite {
  readonly desc: DescMessage;
  readonly bytes: Uint8Array;
}

export interface ToRead {
  readonly desc: DescMessage;
  readonly json: string;
}

/** An implementation of proto3 JSON, for the well-known types. Many at once, as it may be another process. */
export interface JsonPeer {
  write(messages: readonly ToWrite[]): readonly Outcome[];
  read(texts: readonly ToRead[]): readonly Outcome[];
}

interface JsonClass extends MessageType {
  decode(bytes: Uint8Array): {
    toJson(options: { registry: MessageRegistry }): JsonValue;
    encode(options: { deterministic: boolean }): Uint8Array;
  };
  fromJsonString(
    text: string,
    options: { registry: MessageRegistry },
  ): { encode(options: { deterministic: boolean }): Uint8Array };
}

const classes = new Map(
  Object.values(wellKnown)
    .filter((it): it is JsonClass & typeof it => typeof it === "function" && "typeName" in it)
    .map((type) => [type.typeName, type as unknown as JsonClass]),
);
const registry = createRegistry(...classes.values());

function classOf({ typeName }: DescMessage): JsonClass {
  const type = classes.get(typeName);
  if (type === undefined) throw new Error(`there is no class of ${typeName}`);
  return type;
}

/** The implementation under test. */
export const ours: JsonPeer = {
  write: (messages) =>
    messages.map(({ desc, bytes }) =>
      attempt(() => ({ json: stringify(classOf(desc).decode(bytes).toJson({ registry })) })),
    ),
  read: (texts) =>
    texts.map(({ desc, json }) =>
      attempt(() => ({
        bytes: classOf(desc).fromJsonString(json, { registry }).encode({ deterministic: true }),
      })),
    ),
};

export function attempt(body: () => Outcome): Outcome {
  try {
    return body();
  } catch (error) {
    return { error: String(error) };
  }
}

/** As `JSON.stringify`, which writes -0 as 0. */
export function stringify(json: unknown): string {
  const text = JSON.stringify(json, (_, value: unknown) =>
    Object.is(value, -0) ? "\u{f0000}" : value,
  );
  return text.replaceAll('"\u{f0000}"', "-0");
}

/** Where another implementation is known to differ, and why that is so. */
export interface KnownDifference {
  /** What the line about it has in it. */
  readonly line: RegExp;
  readonly reason: string;
}

/**
 * The differences that are not known, and the known ones that did not show: both are news.
 */
export function newDifferences(
  peer: JsonPeer,
  seeds: number,
  known: readonly KnownDifference[],
): string[] {
  const lines = differences(peer, seeds);
  return [
    ...lines.filter((text) => !known.some(({ line }) => line.test(text))),
    ...known
      .filter(({ line }) => !lines.some((text) => line.test(text)))
      .map(({ line }) => `does not differ any more: ${String(line)}`),
  ];
}

/**
 * Where two implementations differ: random messages of all types, written by both, and read by both from what the other
 * wrote. One line each, empty if they agree.
 */
function differences(peer: JsonPeer, seeds: number): string[] {
  const found: string[] = [];
  const messages = references.flatMap((desc) =>
    Array.from({ length: seeds }, (_, seed) => ({
      desc,
      bytes: randomWellKnown(desc, randomNumbers(seed)),
    })),
  );
  const mine = ours.write(messages);
  const theirs = peer.write(messages);
  const written = messages.flatMap(({ desc, bytes }, i) => {
    const [a = {}, b = {}] = [mine[i], theirs[i]];
    if (!sameJson(a.json, b.json)) {
      found.push(
        `${desc.typeName}: wplug writes ${a.json ?? a.error}, the peer ${b.json ?? b.error}`,
      );
    }
    // What only one has written need not be read.
    if (a.json === undefined || b.json === undefined) return [];
    return [a.json, b.json].map((json) => ({ desc, json, bytes }));
  });
  const readers = { wplug: ours.read(written), "the peer": peer.read(written) };
  for (const [reader, outcomes] of Object.entries(readers)) {
    for (const [i, { desc, json, bytes }] of written.entries()) {
      const { bytes: read, error } = outcomes[i] ?? {};
      if (read === undefined)
        found.push(`${desc.typeName}: ${reader} can't read ${json}: ${error}`);
      else if (canonical(desc, read) !== canonical(desc, bytes)) {
        found.push(
          `${desc.typeName}: ${reader} reads ${json} as ${canonical(desc, read)}, not ${canonical(desc, bytes)}`,
        );
      }
    }
  }
  return found;
}

function sameJson(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return stringify(sorted(JSON.parse(a))) === stringify(sorted(JSON.parse(b)));
}

/** With the members of objects in one order, and floats without the digits that not all write. */
function sorted(json: unknown): unknown {
  if (typeof json === "number") return Math.fround(json) || json;
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== "object" || json === null) return json;
  return Object.entries(json)
    .map(([name, value]): [string, unknown] => [name, sorted(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
