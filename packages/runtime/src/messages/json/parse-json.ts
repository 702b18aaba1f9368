import { isWellFormed } from "../wire/well-formed.js";
import { shortened } from "../wire/js-value.js";
import { exactInteger } from "./decimal.js";
import { JsonError } from "./json-error.js";

/** As `JsonValue`; an integer that a double cannot hold exactly is a bigint. */
export type ParsedJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | ParsedJson[]
  | { [name: string]: ParsedJson };

/** Deeper than any message that can be read: see the reader's own limit. */
const MAX_DEPTH = 200;

/**
 * Parses JSON as RFC 8259 defines it. Beyond `JSON.parse` it keeps large integers exact, refuses names that occur twice
 * in an object, and lone surrogates.
 *
 * @throws JsonError with the line and column
 */
export function parseJson(text: string): ParsedJson {
  return new Parser(text).parse();
}

const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const literal = /true|false|null/y;
const blanks = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- those that JSON refuses
const plain = /[^"\\\u0000-\u001f]*/y;

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  parse(): ParsedJson {
    const value = this.value();
    this.match(blanks);
    if (this.position < this.text.length) throw this.error("expected the end of the text");
    return value;
  }

  private value(): ParsedJson {
    this.match(blanks);
    switch (this.text[this.position]) {
      case "{":
        return this.nested(() => this.object());
      case "[":
        return this.nested(() => this.array());
      case '"':
        return this.string();
    }
    const word = this.match(literal);
    if (word !== undefined) return word[0] === "null" ? null : word[0] === "true";
    const digits = this.match(number);
    if (digits === undefined) throw this.error("expected a value");
    const [source, fraction, exponent] = digits;
    const value = Number(source);
    // Of any length, which is why a bigint is not made of it first.
    if (!Number.isFinite(value)) throw this.error(`the number ${shortened(source)} is too large`);
    if (Number.isSafeInteger(value)) return value;
    if (fraction === undefined && exponent === undefined) return BigInt(source);
    // A double has no fraction from there on, but what is written may have one, or be another integer.
    const exact = Number.isInteger(value) ? exactInteger(source) : undefined;
    return typeof exact === "bigint" ? exact : value;
  }

  private object(): ParsedJson {
    const object: Record<string, ParsedJson> = Object.create(null);
    if (this.next("}")) return object;
    do {
      this.match(blanks);
      const start = this.position;
      const name = this.string();
      if (name in object) {
        this.position = start;
        throw this.error(`the name ${JSON.stringify(name)} occurs twice`);
      }
      if (!this.next(":")) throw this.error('expected ":"');
      object[name] = this.value();
    } while (this.next(","));
    if (!this.next("}")) throw this.error('expected "," or "}"');
    return object;
  }

  private array(): ParsedJson {
    const array: ParsedJson[] = [];
    if (this.next("]")) return array;
    do array.push(this.value());
    while (this.next(","));
    if (!this.next("]")) throw this.error('expected "," or "]"');
    return array;
  }

  private string(): string {
    const start = this.position;
    if (this.text[start] !== '"') throw this.error("expected a string");
    this.position++;
    this.match(plain);
    const isPlain = this.text[this.position] === '"';
    while (this.text[this.position] === "\\") {
      this.position += 2;
      this.match(plain);
    }
    if (this.text[this.position] !== '"') {
      throw this.error("a string has no end, or a control character in it");
    }
    const end = this.position++;
    const value = isPlain ? this.text.slice(start + 1, end) : this.unescape(start, end + 1);
    if (!isWellFormed(value)) {
      this.position = start;
      throw this.error("a string has a lone surrogate");
    }
    return value;
  }

  private unescape(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start, end)) as string;
    } catch {
      this.position = start;
      throw this.error("a string has an escape that JSON does not have");
    }
  }

  private nested(body: () => ParsedJson): ParsedJson {
    if (++this.depth > MAX_DEPTH) throw this.error(`nested deeper than ${MAX_DEPTH} levels`);
    this.position++;
    const value = body();
    this.depth--;
    return value;
  }

  /** Skips `character`, and blanks before it, if it comes next. */
  private next(character: string): boolean {
    this.match(blanks);
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position = pattern.lastIndex;
    return found;
  }

  private error(reason: string): JsonError {
    const before = this.text.slice(0, this.position).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return new JsonError(`line ${before.length}, column ${column}: ${reason}`);
  }
}

/** Whether a value of JSON is an object. */
export function isObject(json: ParsedJson): json is { [name: string]: ParsedJson } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
