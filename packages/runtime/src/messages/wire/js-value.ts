/** What a value is whose type no compiler has checked, also if it comes from another realm (iframe, vm context). */

/** Longest text of a value in an error, in characters. */
const SHOWN = 40;

export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || tagOf(value) === "[object Uint8Array]";
}

export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map || tagOf(value) === "[object Map]";
}

/** Whether it is an object with members: a plain one, or an instance of a class, but no array, Map, Date, Promise, … */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && tagOf(value) === "[object Object]";
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** For errors: what a value is. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "bigint":
      return shortened(`${value}n`);
    case "string":
      // What is left out must not be escaped first.
      return shortened(JSON.stringify(value.slice(0, SHOWN + 1)));
    case "function":
      return "a function";
    case "object": {
      if (value === null) return "null";
      const { constructor } = value as { constructor?: unknown };
      const name = typeof constructor === "function" ? constructor.name : "without prototype";
      return `an object (${name})`;
    }
    default:
      return shortened(String(value));
  }
}

/** For errors: what is wrong with a oneof that is none. */
export function expectedChoice(value: unknown): string {
  return `expected an object with case and value, got ${describe(value)}`;
}

/** For errors: the beginning of what may be long. */
export function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
