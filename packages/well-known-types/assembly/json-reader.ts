import { ListValue, NullValue, Struct, Value } from "./gen/google/protobuf/struct.pb";

const MAX_DEPTH: i32 = 100;

/** Reads one value of JSON: https://www.rfc-editor.org/rfc/rfc8259 */
export class JsonReader {
  private text: string;
  private at: i32 = 0;
  private depth: i32 = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The value that the whole text is; null if it is none. */
  read(): Value | null {
    const value = this.value();
    this.space();
    return this.at == this.text.length ? value : null;
  }

  private value(): Value | null {
    this.space();
    const unit = this.peek();
    if (unit == 0x7b) return this.object();
    if (unit == 0x5b) return this.array();
    if (unit == 0x22) {
      const text = this.string();
      return text === null ? null : new Value().setStringValue(text);
    }
    if (this.word("true")) return new Value().setBoolValue(true);
    if (this.word("false")) return new Value().setBoolValue(false);
    if (this.word("null")) return new Value().setNullValue(NullValue.NULL_VALUE);
    return this.number();
  }

  private object(): Value | null {
    if (++this.depth > MAX_DEPTH) return null;
    const struct = new Struct();
    this.at++;
    this.space();
    if (!this.skip(0x7d)) {
      for (;;) {
        this.space();
        const name = this.peek() == 0x22 ? this.string() : null;
        this.space();
        if (name === null || !this.skip(0x3a)) return null;
        const value = this.value();
        if (value === null) return null;
        struct.fields.set(name, value);
        this.space();
        if (this.skip(0x7d)) break;
        if (!this.skip(0x2c)) return null;
      }
    }
    this.depth--;
    return new Value().setStructValue(struct);
  }

  private array(): Value | null {
    if (++this.depth > MAX_DEPTH) return null;
    const list = new ListValue();
    this.at++;
    this.space();
    if (!this.skip(0x5d)) {
      for (;;) {
        const value = this.value();
        if (value === null) return null;
        list.values.push(value);
        this.space();
        if (this.skip(0x5d)) break;
        if (!this.skip(0x2c)) return null;
      }
    }
    this.depth--;
    return new Value().setListValue(list);
  }

  private string(): string | null {
    let result = "";
    let start = ++this.at;
    for (; this.at < this.text.length; this.at++) {
      const unit = this.peek();
      if (unit < 0x20) return null;
      if (unit == 0x22) {
        result += this.text.substring(start, this.at++);
        return result;
      }
      if (unit != 0x5c) continue;
      result += this.text.substring(start, this.at++);
      const escaped = this.escape();
      if (escaped < 0) return null;
      result += String.fromCharCode(escaped);
      start = this.at + 1;
    }
    return null;
  }

  /** The unit that the letter after a backslash stands for; -1 if none. */
  private escape(): i32 {
    switch (this.peek()) {
      case 0x22:
      case 0x2f:
      case 0x5c:
        return this.peek();
      case 0x62:
        return 8;
      case 0x66:
        return 12;
      case 0x6e:
        return 10;
      case 0x72:
        return 13;
      case 0x74:
        return 9;
      case 0x75:
        return this.hex();
      default:
        return -1;
    }
  }

  private hex(): i32 {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      this.at++;
      const unit = this.peek();
      let digit = -1;
      if (unit >= 0x30 && unit <= 0x39) digit = unit - 0x30;
      else if ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66) digit = (unit | 0x20) - 0x57;
      if (digit < 0) return -1;
      value = (value << 4) | digit;
    }
    return value;
  }

  private number(): Value | null {
    const start = this.at;
    this.skip(0x2d);
    // No zeros in front of other digits.
    if (!this.skip(0x30) && !this.digits()) return null;
    if (this.skip(0x2e) && !this.digits()) return null;
    if (this.skip(0x65) || this.skip(0x45)) {
      if (!this.skip(0x2b)) this.skip(0x2d);
      if (!this.digits()) return null;
    }
    const number = F64.parseFloat(this.text.substring(start, this.at));
    return isFinite(number) ? new Value().setNumberValue(number) : null;
  }

  private digits(): bool {
    const start = this.at;
    while (this.peek() >= 0x30 && this.peek() <= 0x39) this.at++;
    return this.at > start;
  }

  private word(word: string): bool {
    if (!this.text.substring(this.at, this.at + word.length).startsWith(word)) return false;
    this.at += word.length;
    return true;
  }

  private skip(unit: i32): bool {
    if (this.peek() != unit) return false;
    this.at++;
    return true;
  }

  private space(): void {
    for (;;) {
      const unit = this.peek();
      if (unit != 0x20 && unit != 0x0a && unit != 0x0d && unit != 0x09) return;
      this.at++;
    }
  }

  /** The unit at hand; -1 at the end. */
  private peek(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }
}
