import type { SourceMap } from "./bundle-plugin";
import { decodeNumbers, encodeNumbers } from "./vlq";

/** Files of the runtime, whose frames are not shown: `original-stack.ts` of @wplug/runtime. */
const RUNTIME = /@?wplug\/runtime\/|packages\/runtime\//;

/** Columns and lines begin at 0. */
interface Segment {
  readonly at: number;
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

/**
 * The part of a source map that a plugin looks places up in, by `findPlace` of @wplug/runtime: nothing of the runtime, and no
 * segments in lines that go on as the source does, as those of code do that only lost its types.
 */
export function compactSourceMap({ sources, mappings }: SourceMap): SourceMap {
  const kept: string[] = [];
  const places = sources.map((name) => (RUNTIME.test(name) ? -1 : kept.push(name) - 1));
  const lines = decodeLines(mappings).map((segments) => {
    let last: Segment | undefined;
    return segments.flatMap((it) => {
      const source = places[it.source] ?? -1;
      if (source < 0) return [];
      if (last !== undefined && goesOn(last, it)) return [];
      last = it;
      return [{ ...it, source }];
    });
  });
  return { sources: kept, mappings: encodeLines(lines) };
}

function goesOn(last: Segment, next: Segment): boolean {
  return (
    last.source === next.source &&
    last.line === next.line &&
    next.column - last.column === next.at - last.at
  );
}

function decodeLines(mappings: string): Segment[][] {
  let source = 0;
  let line = 0;
  let column = 0;
  return mappings.split(";").map((text) => {
    let at = 0;
    return text.split(",").flatMap((segment) => {
      const [toColumn = 0, toSource, toLine = 0, toOriginalColumn = 0] = decodeNumbers(segment);
      at += toColumn;
      if (toSource === undefined) return [];
      source += toSource;
      line += toLine;
      column += toOriginalColumn;
      return [{ at, source, line, column }];
    });
  });
}

function encodeLines(lines: readonly (readonly Segment[])[]): string {
  let last = { source: 0, line: 0, column: 0 };
  const text = lines.map((segments) => {
    let at = 0;
    return segments
      .map((it) => {
        const numbers = [it.at - at, it.source - last.source, it.line - last.line];
        const segment = encodeNumbers([...numbers, it.column - last.column]);
        at = it.at;
        last = it;
        return segment;
      })
      .join(",");
  });
  return text.join(";").replace(/;+$/, "");
}
