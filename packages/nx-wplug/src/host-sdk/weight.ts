import type { Message } from "../contract/contract";
import { membersOf, type Member } from "./members";

/** What V8 gives an object beside its properties, its place in a list included. */
const OBJECT = 4;
const ARRAY = 4;
/** An empty Map has a table for four entries. */
const MAP = 24;
/** `{ case: undefined }` */
const ONEOF = 5;

/**
 * Words of 8 bytes that a new message takes in the host's memory, about. An empty message is two bytes on the wire, whatever
 * its class has: hosts count by this what an answer of a plugin makes.
 */
export function weightOf(message: Message): number {
  const members = membersOf(message);
  // And $unknown.
  return members.reduce((sum, member) => sum + 1 + contentOf(member), OBJECT + 1);
}

function contentOf(member: Member): number {
  if (member.kind === "oneof") return ONEOF;
  switch (member.field.cardinality) {
    case "repeated":
      return ARRAY;
    case "map":
      return MAP;
    case "singular":
      return 0;
  }
}
