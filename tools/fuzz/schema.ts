import type { Random } from "../../packages/nx-wplug/src/testing/random";

const scalars = [
  "double",
  "float",
  "int32",
  "int64",
  "uint32",
  "uint64",
  "sint32",
  "sint64",
  "fixed32",
  "fixed64",
  "sfixed32",
  "sfixed64",
  "bool",
  "string",
  "bytes",
];
const keys = scalars.filter((type) => !["double", "float", "bytes"].includes(type));

/** Name of the package of the messages. */
export const PACKAGE = "fuzz";

/** The text of a proto file with random messages M0, M1, …, and a service with an rpc Echo<number> for each. */
export function randomSchema(random: Random, messages: number): string {
  const names = Array.from({ length: messages }, (_, i) => `M${i}`);
  const type = (): string => {
    const kind = random.next();
    if (kind < 0.6) return random.pick(scalars) as string;
    return kind < 0.75 ? "E" : (random.pick(names) as string);
  };
  const lines = [
    'syntax = "proto3";',
    `package ${PACKAGE};`,
    "enum E { E_ZERO = 0; E_ONE = 1; E_MAX = 2147483647; E_MIN = -2147483648; }",
  ];
  for (const name of names) {
    const used = new Set<number>();
    const number = (): number => {
      // Short, long and the longest tags.
      const bits = random.pick([4, 4, 8, 11, 15, 29]);
      const candidate = 1 + random.below(2 ** bits - 1);
      const isFree = !used.has(candidate) && !(candidate >= 19_000 && candidate <= 19_999);
      if (!isFree) return number();
      used.add(candidate);
      return candidate;
    };
    lines.push(`message ${name} {`);
    const fields = 1 + random.below(20);
    for (let i = 0; i < fields; i++) lines.push(`  ${randomField(`f${i}`, type, number, random)}`);
    lines.push("}");
  }
  lines.push("// go:plugin type=plugin version=1", "service Fuzz {");
  for (const name of names) lines.push(`  rpc Echo${name.slice(1)}(${name}) returns (${name});`);
  lines.push("}");
  return lines.join("\n");
}

function randomField(
  name: string,
  type: () => string,
  number: () => number,
  random: Random,
): string {
  const kind = random.next();
  if (kind < 0.4) return `${type()} ${name} = ${number()};`;
  if (kind < 0.55) return `optional ${type()} ${name} = ${number()};`;
  if (kind < 0.75) {
    const item = type();
    const isPackable =
      item === "E" || (scalars.includes(item) && !["string", "bytes"].includes(item));
    const option = isPackable && random.chance(0.4) ? " [packed = false]" : "";
    return `repeated ${item} ${name} = ${number()}${option};`;
  }
  if (kind < 0.9) return `map<${random.pick(keys)}, ${type()}> ${name} = ${number()};`;
  const members = Array.from(
    { length: 1 + random.below(4) },
    (_, i) => `${type()} ${name}of${i} = ${number()};`,
  );
  return `oneof ${name} { ${members.join(" ")} }`;
}
