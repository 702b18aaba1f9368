import { decode } from "@wplug/runtime/assembly/wire";
import { FieldMask } from "./gen/google/protobuf/field_mask.pb";
import { mergeMasked } from "./masked-bytes";

/**
 * A mask of paths that the message has, in names of the proto: `fieldMaskOf<Author>(["first_name"])`. Null if it lacks one.
 */
export function fieldMaskOf<T>(paths: string[]): FieldMask | null {
  const mask = new FieldMask();
  return fieldMaskAppend<T>(mask, paths) ? mask : null;
}

/** Appends paths. False if the message lacks one; then none is appended. */
export function fieldMaskAppend<T>(mask: FieldMask, paths: string[]): bool {
  if (numbersOf<T>(paths) === null) return false;
  for (let i = 0; i < paths.length; i++) mask.paths.push(paths[i]);
  return true;
}

/** Whether the message has all of the paths. Only the last name of a path may be a list or a map. */
export function fieldMaskIsValid<T>(mask: FieldMask | null): bool {
  return mask === null || numbersOf<T>(mask.paths) !== null;
}

/**
 * A message with what the mask covers from `source`, and the rest from `target`: fields that are not set in `source` are not
 * set here. Lists and maps are taken as a whole. It shares nothing with the two. Null if the message lacks one of the paths.
 */
export function fieldMaskApply<T>(mask: FieldMask, source: T, target: T): T | null {
  const paths = numbersOf<T>(mask.paths);
  if (paths === null) return null;
  // @ts-ignore: every generated class has it
  return decode<T>(mergeMasked(paths, source.encode(), target.encode()));
}

/** The paths in numbers of fields; null if the message lacks one. */
function numbersOf<T>(paths: string[]): Array<Array<i32>> | null {
  const all: Array<Array<i32>> = [];
  for (let i = 0; i < paths.length; i++) {
    const numbers: Array<i32> = [];
    // The method does not look at the object, so there need not be one.
    // @ts-ignore: every generated class has it
    if (!changetype<T>(0).$fieldNumbers(paths[i], numbers)) return null;
    all.push(numbers);
  }
  return all;
}

/** A mask of these paths, in names of the proto: `author.first_name`. */
export function fieldMaskFrom(paths: string[]): FieldMask {
  const mask = new FieldMask();
  mask.paths = paths;
  return mask;
}

/** Sorts the paths, and leaves out those that another one covers: `a.b` beside `a`. */
export function fieldMaskNormalize(mask: FieldMask): FieldMask {
  mask.paths = normalized(mask.paths);
  return mask;
}

/** All that one of the two masks covers, normalized. */
export function fieldMaskUnion(a: FieldMask, b: FieldMask): FieldMask {
  return fieldMaskFrom(normalized(a.paths.concat(b.paths)));
}

/** What both masks cover, normalized. */
export function fieldMaskIntersect(a: FieldMask, b: FieldMask): FieldMask {
  const both: string[] = [];
  addCovered(both, a.paths, b.paths);
  addCovered(both, b.paths, a.paths);
  return fieldMaskFrom(normalized(both));
}

/** Whether the mask covers a path: it has that path, or one that it begins with. */
export function fieldMaskCovers(mask: FieldMask, path: string): bool {
  return isCovered(mask.paths, path);
}

function addCovered(to: string[], paths: string[], covers: string[]): void {
  for (let i = 0; i < paths.length; i++) if (isCovered(covers, paths[i])) to.push(paths[i]);
}

function isCovered(covers: string[], path: string): bool {
  for (let i = 0; i < covers.length; i++) {
    const cover = covers[i];
    if (path == cover || path.startsWith(cover + ".")) return true;
  }
  return false;
}

function normalized(paths: string[]): string[] {
  const sorted = paths.slice(0).sort(comparePaths);
  const kept: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const path = sorted[i];
    if (kept.length > 0) {
      const last = kept[kept.length - 1];
      if (path == last || path.startsWith(last + ".")) continue;
    }
    kept.push(path);
  }
  return kept;
}

/** A dot comes before everything else, so that what a path covers comes right after it. */
function comparePaths(a: string, b: string): i32 {
  const length = min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i) == 0x2e ? 0 : a.charCodeAt(i);
    const right = b.charCodeAt(i) == 0x2e ? 0 : b.charCodeAt(i);
    if (left != right) return left - right;
  }
  return a.length - b.length;
}
