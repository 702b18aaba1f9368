import type { Engine } from "../platform/engine.js";
import { findPlace } from "./mappings.js";

const PLACE = /\bplugin\.js:(\d+):(\d+)/g;
/** Files of the runtime, whose frames tell authors nothing. */
const RUNTIME = /@?wplug\/runtime\/|packages\/runtime\/|\bnative\b/;

/** The stack of an error in the author's files, a line each. */
export function originalStack({ sourceMap }: Engine, { stack = "" }: Error): string {
  const original = (bundled: string, row: string, column: string): string => {
    if (sourceMap === undefined) return bundled;
    const place = findPlace(sourceMap, +row, +column);
    // The source map has no code of the runtime, nor of the bundler.
    return place === undefined ? "native" : `${place.source}:${place.line}:${place.column}`;
  };
  return stack
    .split("\n")
    .filter((line) => /^ *at /.test(line))
    .map((line) => line.replace(PLACE, original))
    .filter((line) => !RUNTIME.test(line))
    .map((line) => `${line}\n`)
    .join("");
}
