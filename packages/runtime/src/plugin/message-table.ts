import type { MessageType } from "../messages/wire/message-type.js";
import { engine, type FieldKind, type TableField, type TableType } from "../platform/engine.js";

/** A field of a table, as generated code has it. */
export interface MessageTableField {
  /** Name of the property, or of the case of a oneof. */
  readonly name: string;
  readonly number: number;
  /** Of its values: enums are `int32`. */
  readonly type: TableType;
  /** Nothing: it is always there, and its default is not written. */
  readonly kind?: "optional" | "list" | "packed";
  /** Name of the oneof that it belongs to. */
  readonly oneof?: string;
  /** Type of the keys of a map. */
  readonly key?: TableType;
}

/**
 * Tells the engine what messages of this class consist of, so that it reads and writes them itself. What it can't, it leaves to the
 * class. Generated code calls it; outside of plugins it does nothing.
 */
export function defineTable(type: MessageType, fields: readonly MessageTableField[]): void {
  engine?.defineMessage(type, new type(), fields.map(toTableField));
}

function toTableField(field: MessageTableField): TableField {
  return { ...field, kind: kindOf(field) };
}

function kindOf({ kind, oneof, key }: MessageTableField): FieldKind {
  if (key !== undefined) return FIELD_KINDS.map;
  if (oneof !== undefined) return FIELD_KINDS.oneof;
  return FIELD_KINDS[kind ?? "plain"];
}

/** @see tools/typescript-engine/messages.h */
const FIELD_KINDS = { plain: 0, optional: 1, oneof: 2, list: 3, packed: 4, map: 5 } as const;
