import { fieldsOf, type Message, type MessageField, type MessageType } from "@wplug/runtime";
import { FieldMask } from "./gen/google/protobuf/field_mask.pb.js";

/**
 * A mask of paths that the message has, in names of the proto: `author.first_name`.
 *
 * @throws TypeError that names the first path that it has not
 */
export function fieldMaskOf(type: MessageType, ...paths: readonly string[]): FieldMask {
  return fieldMaskAppend(new FieldMask(), type, ...paths);
}

/** A mask of these paths, whatever message it is for. */
export function fieldMaskFrom(paths: readonly string[]): FieldMask {
  return new FieldMask({ paths });
}

/** Whether the mask covers a path: it has that path, or one that it begins with. */
export function fieldMaskCovers(mask: FieldMask, path: string): boolean {
  return mask.paths.some((cover) => covers(cover, path));
}

/** Appends paths, and returns the mask. @throws TypeError as `fieldMaskOf`; then none is appended */
export function fieldMaskAppend(
  mask: FieldMask,
  type: MessageType,
  ...paths: readonly string[]
): FieldMask {
  for (const path of paths) {
    if (!hasPath(type, path)) {
      throw new TypeError(`invalid path "${path}" for message "${type.typeName}"`);
    }
  }
  mask.paths.push(...paths);
  return mask;
}

/** Whether the message has all of the paths. Only the last name of a path may be a list or a map. */
export function fieldMaskIsValid(mask: FieldMask | undefined, type: MessageType): boolean {
  return (mask?.paths ?? []).every((path) => hasPath(type, path));
}

/** Sorts the paths, and leaves out those that another one covers: `a.b` beside `a`. */
export function fieldMaskNormalize(mask: FieldMask): FieldMask {
  mask.paths = normalized(mask.paths);
  return mask;
}

/** All that one of the masks covers, normalized. */
export function fieldMaskUnion(...masks: readonly FieldMask[]): FieldMask {
  return new FieldMask({ paths: normalized(masks.flatMap(({ paths }) => paths)) });
}

/** What all of the masks cover, normalized. */
export function fieldMaskIntersect(first: FieldMask, ...others: readonly FieldMask[]): FieldMask {
  let paths = normalized(first.paths);
  for (const other of others) {
    const theirs = normalized(other.paths);
    paths = normalized([
      ...paths.filter((path) => theirs.some((cover) => covers(cover, path))),
      ...theirs.filter((path) => paths.some((cover) => covers(cover, path))),
    ]);
  }
  return new FieldMask({ paths });
}

/**
 * A message with what the mask covers from `source`, and the rest from `target`: fields that are not set in `source` are not
 * set here. Lists and maps are taken as a whole. It shares nothing with the two.
 *
 * @throws TypeError if the message has not all of the paths
 */
export function fieldMaskApply<T extends Message>(mask: FieldMask, source: T, target: T): T {
  const type = source.constructor as unknown as MessageType;
  fieldMaskAppend(new FieldMask(), type, ...mask.paths);
  const from = cloned(source);
  const result = cloned(target);
  for (const path of normalized(mask.paths)) copyPath(type, path.split("."), from, result);
  return result;
}

function cloned<T extends Message>(message: T): T {
  return (message as unknown as { clone(): T }).clone();
}

type Fields = Record<string, unknown>;

function copyPath(
  type: MessageType,
  [name = "", ...rest]: readonly string[],
  source: Message,
  target: Message,
): void {
  const field = findField(type, name);
  if (field === undefined) return;
  if (rest.length === 0) {
    set(field, target, get(field, source), type);
    return;
  }
  const { message } = field;
  if (message === undefined) return;
  const inner = get(field, source) as Message | undefined;
  let into = get(field, target) as Message | undefined;
  if (inner === undefined && into === undefined) return;
  if (into === undefined) set(field, target, (into = new message()), type);
  copyPath(message, rest, inner ?? new message(), into);
}

/** The value of a field; undefined if it is a member of a oneof that is not the one that is set. */
function get({ name, oneof }: MessageField, message: Message): unknown {
  const fields = message as unknown as Fields;
  if (oneof === undefined) return fields[name];
  const { case: member, value } = fields[oneof] as { case?: string; value?: unknown };
  return member === name ? value : undefined;
}

function set(field: MessageField, message: Message, value: unknown, type: MessageType): void {
  const { name, oneof } = field;
  const fields = message as unknown as Fields;
  if (oneof === undefined) fields[name] = value ?? (new type() as unknown as Fields)[name];
  else if (value !== undefined) fields[oneof] = { case: name, value };
  else if (get(field, message) !== undefined) fields[oneof] = { case: undefined };
}

function hasPath(type: MessageType, path: string): boolean {
  let message: MessageType | undefined = type;
  for (const name of path.split(".")) {
    // What came before is a scalar, a list or a map.
    if (message === undefined) return false;
    const field: MessageField | undefined = findField(message, name);
    if (field === undefined) return false;
    message = field.isRepeated ? undefined : field.message;
  }
  return true;
}

function findField(type: MessageType, protoName: string): MessageField | undefined {
  return fieldsOf(type).find((field) => field.protoName === protoName);
}

function normalized(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const path of [...paths].sort(comparePaths)) {
    const last = kept[kept.length - 1];
    if (last === undefined || !covers(last, path)) kept.push(path);
  }
  return kept;
}

/** A dot comes before everything else, so that what a path covers comes right after it. */
function comparePaths(a: string, b: string): number {
  const left = a.replaceAll(".", "\0");
  const right = b.replaceAll(".", "\0");
  return left < right ? -1 : left > right ? 1 : 0;
}

function covers(cover: string, path: string): boolean {
  return path === cover || path.startsWith(`${cover}.`);
}
