import type { Engine } from "../platform/engine.js";
import { findPlace } from "./mappings.js";

const PLACE = /\bplugin\.js:(\d+):(\d+)/g;
/** Files of the runtime, whose frames tell authors nothing. */
const RUNTIME = /@?wplug\/runtime\/|packages\/runtime\/|\bnative\b/;

/** The stack of an error in the author's files, a line each, as far as the bundle's source map has them. */
export function originalStack({ sourceMap }: Engine, { stack = "" }: Error): string {
  const original = (bundled: string, row: string, column: string): string => {
    const place = sourceMap && findPlace(sourceMap, +row, +column);
    return place === undefined ? bundled : `${place.source}:${place.line}:${place.column}`;
  };
  return stack
    .split("\n")
    .filter((line) => /^ *at /.test(line))
    .map((line) => line.replace(PLACE, original))
    .filter((line) => !RUNTIME.test(line))
    .map((line) => `${line}\n`)
    .join("");
}
