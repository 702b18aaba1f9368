/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}

/** Where a value is in another: names of members and numbers of items. */
export type Path = readonly (string | number)[];

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of `root` with another value at a place, or none: an item of a list is taken out. */
export function withValue(root: Json | undefined, path: Path, value: Json | undefined): Json {
  const [first, ...rest] = path;
  if (first === undefined) return value ?? {};
  if (typeof first === "number") {
    const items = Array.isArray(root) ? [...root] : [];
    if (rest.length === 0 && value === undefined) items.splice(first, 1);
    else items[first] = rest.length === 0 ? (value as Json) : withValue(items[first], rest, value);
    return items;
  }
  const members = new Map(Object.entries(isObject(root) ? root : {}));
  if (rest.length === 0 && value === undefined) members.delete(first);
  else {
    members.set(
      first,
      rest.length === 0 ? (value as Json) : withValue(members.get(first), rest, value),
    );
  }
  // A member of any name, also __proto__.
  return Object.fromEntries(members);
}
