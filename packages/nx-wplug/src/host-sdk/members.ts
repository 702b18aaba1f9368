import type { Field, Message, Oneof } from "../contract/contract";

export type SingularField = Extract<Field, { cardinality: "singular" }>;
export type RepeatedField = Extract<Field, { cardinality: "repeated" }>;
export type MapField = Extract<Field, { cardinality: "map" }>;

/** A property of a generated class: a field of its own, or a oneof with all its fields. */
export type Member =
  | { readonly kind: "field"; readonly field: Field }
  | { readonly kind: "oneof"; readonly oneof: Oneof };

/** Properties of a message class in the order of field numbers; a oneof stands where its first field would. */
export function membersOf(message: Message): Member[] {
  const seen = new Set<string>();
  return message.fields.flatMap((field): Member[] => {
    if (field.cardinality !== "singular" || field.oneof === undefined)
      return [{ kind: "field", field }];
    if (seen.has(field.oneof)) return [];
    seen.add(field.oneof);
    const oneof = message.oneofs.find(({ name }) => name === field.oneof);
    return oneof === undefined ? [] : [{ kind: "oneof", oneof }];
  });
}
