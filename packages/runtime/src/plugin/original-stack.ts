import type { Engine } from "../platform/engine.js";
import { decodeMappings, type Mapping } from "./mappings.js";

/** What the build calls the bundle. */
const BUNDLE = "plugin.js";
const PLACE = /\bplugin\.js:(\d+):(\d+)/g;
/** Files of the runtime, whose frames tell authors nothing. */
const RUNTIME = /@?wplug\/runtime\/|packages\/runtime\/|\bnative\b/;

let lines: readonly (readonly Mapping[])[] | undefined;

/** The stack of an error in the author's files, a line each, as far as the bundle's source map has them. */
export function originalStack(engine: Engine, { stack = "" }: Error): string {
  return stack
    .split("\n")
    .filter((line) => /^ *at /.test(line))
    .map((line) =>
      line.replace(PLACE, (_, row: string, column: string) => place(engine, +row, +column)),
    )
    .filter((line) => !RUNTIME.test(line))
    .map((line) => `${line}\n`)
    .join("");
}

function place({ sourceMap }: Engine, row: number, column: number): string {
  const bundled = `${BUNDLE}:${row}:${column}`;
  if (sourceMap === undefined) return bundled;
  lines ??= decodeMappings(sourceMap.mappings);
  const mapping = lines[row - 1]?.filter((it) => it.generatedColumn <= column - 1).at(-1);
  if (mapping === undefined) return bundled;
  const source = sourceMap.sources[mapping.source] ?? BUNDLE;
  return `${source}:${mapping.line + 1}:${mapping.column + 1}`;
}
