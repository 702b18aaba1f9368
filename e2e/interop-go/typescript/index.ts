/** The plugin of the matrix in TypeScript: it does what those in the other languages do. */
import {
  type Choice,
  type Collections,
  type Color,
  Counter,
  type Descriptions,
  type Fields,
  Fields_Nested,
  Fields_Nested_Kind,
  Host,
  type Interop,
  type KnownTypes,
  Number as NumberMessage,
  Presence,
  registerInterop,
  type Text,
} from "@generated/contract/plugin";
import { exit, fail, readTextFile, writeTextFile } from "@wplug/runtime/plugin";
import {
  BoolValue,
  BytesValue,
  DoubleValue,
  EnumValue,
  type Field_Cardinality,
  Field_Kind,
  FloatValue,
  Int32Value,
  Int64Value,
  Mixin,
  NullValue,
  StringValue,
  type Syntax,
  Timestamp,
  UInt32Value,
  UInt64Value,
  valueBool,
  valueString,
} from "@wplug/well-known-types";

const host = new Host();
const counter = new Counter();

class TheInterop implements Interop {
  greet({ text }: Text) {
    return { text: `Hello, ${text}` };
  }

  change(it: Fields) {
    it.double *= 2;
    it.float *= 2;
    it.int32 = (it.int32 + 1) | 0;
    it.int64 = BigInt.asIntN(64, it.int64 + 1n);
    it.uint32 = (it.uint32 + 1) >>> 0;
    it.uint64 = BigInt.asUintN(64, it.uint64 + 1n);
    it.sint32 = (it.sint32 + 1) | 0;
    it.sint64 = BigInt.asIntN(64, it.sint64 + 1n);
    it.fixed32 = (it.fixed32 + 1) >>> 0;
    it.fixed64 = BigInt.asUintN(64, it.fixed64 + 1n);
    it.sfixed32 = (it.sfixed32 + 1) | 0;
    it.sfixed64 = BigInt.asIntN(64, it.sfixed64 + 1n);
    it.bool = !it.bool;
    it.string += "!";
    it.bytes = Uint8Array.of(...it.bytes, 0xff);
    it.list.push("last");
    for (const value of it.map.values()) value.number++;
    it.map.set("new", new NumberMessage());
    if (it.nested === undefined) {
      it.nested = new Fields_Nested();
    } else {
      it.nested.kind = Fields_Nested_Kind.KNOWN;
      it.nested.text += "!";
    }
    it.color = (it.color + 1) as Color;
    return it;
  }

  collect(it: Collections) {
    for (const value of Object.values(it)) if (Array.isArray(value)) value.reverse();
    exclaim(it.byInt32);
    exclaim(it.byInt64);
    exclaim(it.byUint32);
    exclaim(it.byUint64);
    exclaim(it.bySint32);
    exclaim(it.bySint64);
    exclaim(it.byFixed32);
    exclaim(it.byFixed64);
    exclaim(it.bySfixed32);
    exclaim(it.bySfixed64);
    exclaim(it.byBool);
    exclaim(it.byString);
    it.doubleOf.delete("gone");
    it.sint64Of.delete("gone");
    it.fixed32Of.delete("gone");
    it.boolOf.delete("gone");
    it.bytesOf.delete("gone");
    it.colorOf.delete("gone");
    it.numberOf.delete("gone");
    it.timestampOf.delete("gone");
    return it;
  }

  toggle(it: Presence) {
    const zeros = {
      double: 0,
      float: 0,
      int32: 0,
      int64: 0n,
      uint32: 0,
      sint64: 0n,
      fixed32: 0,
      sfixed64: 0n,
      bool: false,
      string: "",
      bytes: new Uint8Array(0),
      color: 0,
      number: {},
    };
    const isUnset = (name: string) => it[name as keyof typeof zeros] === undefined;
    return new Presence(
      Object.fromEntries(Object.entries(zeros).filter(([name]) => isUnset(name))),
    );
  }

  choose({ choice }: Choice): { choice: Choice["choice"] } {
    switch (choice.case) {
      case "text":
        return { choice: { case: "number", value: choice.value.length } };
      case "number":
        return { choice: { case: "bytes", value: new Uint8Array(choice.value) } };
      case "bytes":
        return {
          choice: { case: "message", value: new NumberMessage({ number: choice.value.length }) },
        };
      case "message":
        return { choice: { case: "flag", value: choice.value.number === 0 } };
      case "flag":
        return { choice: { case: undefined } };
      case undefined:
        return { choice: { case: "text", value: "" } };
    }
  }

  know(it: KnownTypes) {
    const { timestamp, duration, any, struct, list, source } = it;
    if (!timestamp || !duration || !any || !struct || !list || !source) {
      return fail("a field is missing");
    }
    timestamp.seconds++;
    duration.seconds = -duration.seconds;
    duration.nanos = -duration.nanos;
    any.typeUrl += "!";
    struct.fields.set("seen", valueBool(true));
    it.value = valueString("a value");
    list.values.reverse();
    source.fileName += "!";
    it.double = new DoubleValue({ value: (it.double?.value ?? 0) * 2 });
    it.float = new FloatValue({ value: (it.float?.value ?? 0) * 2 });
    it.int64 = new Int64Value({ value: (it.int64?.value ?? 0n) + 1n });
    it.uint64 = new UInt64Value({ value: (it.uint64?.value ?? 0n) + 1n });
    it.int32 = new Int32Value({ value: (it.int32?.value ?? 0) + 1 });
    it.uint32 = new UInt32Value({ value: (it.uint32?.value ?? 0) + 1 });
    it.bool = new BoolValue({ value: it.bool?.value !== true });
    it.string = new StringValue({ value: `${it.string?.value ?? ""}!` });
    it.bytes = new BytesValue({ value: new Uint8Array(it.bytes?.value.length ?? 0) });
    it.timestamps.push(new Timestamp());
    return it;
  }

  describe(it: Descriptions) {
    const { mask, messageType, enumType, api, file } = it;
    const [first] = messageType?.fields.reverse() ?? [];
    const value = messageType?.options[0]?.value;
    const source = messageType?.sourceContext;
    const [enumValue] = enumType?.enumvalue ?? [];
    const [method] = api?.methods ?? [];
    const field = file?.messageType[0]?.field[0];
    if (!mask || !messageType || !first || !value || !source || !enumType || !enumValue) {
      return fail("a field is missing");
    }
    if (!api || !method || !file || !field) return fail("a field is missing");
    mask.paths.push("last");
    messageType.name += "!";
    first.kind = Field_Kind.TYPE_BOOL;
    value.typeUrl += "!";
    source.fileName += "!";
    enumType.name += "!";
    enumValue.number++;
    api.name += "!";
    method.responseStreaming = !method.responseStreaming;
    api.mixins.push(new Mixin({ name: "last" }));
    file.name = `${file.name ?? ""}!`;
    field.number = undefined;
    file.dependency.push("last");
    it.syntax = (it.syntax + 1) as Syntax;
    it.kind = (it.kind + 1) as Field_Kind;
    it.cardinality = (it.cardinality + 1) as Field_Cardinality;
    it.nullValue = NullValue.NULL_VALUE;
    it.nullValues.push(NullValue.NULL_VALUE);
    it.enumValues.push(new EnumValue({ name: "last" }));
    it.maskOf.delete("gone");
    it.syntaxOf.delete("gone");
    const { part } = it;
    switch (part.case) {
      case "method":
      case "option":
        part.value.name += "!";
        break;
      case "mixin":
        part.value.root += "!";
        break;
      case "field":
        part.value.jsonName += "!";
        break;
      case undefined:
    }
    return it;
  }

  nothing() {
    return {};
  }

  fill() {
    return { text: "filled" };
  }

  drop() {
    return {};
  }

  fail({ text }: Text) {
    return fail(text);
  }

  ask(request: Text) {
    return host.answer(request);
  }

  // Async, as methods may be.
  async tell(request: Text) {
    host.log(request);
    await Promise.resolve();
    return host.tick({});
  }

  count({ text }: Text) {
    return { text: String(counter.length({ text }).length) };
  }

  readFile({ text }: Text) {
    return { text: readTextFile(text) };
  }

  writeFile({ text }: Text) {
    writeTextFile(text, "written");
    return {};
  }

  print({ text }: Text) {
    console.log(`out: ${text}`);
    console.error(`err: ${text}`);
    return {};
  }

  crash({ text }: Text) {
    if (text === "panic") throw new Error("thrown on purpose");
    if (text === "exit") exit(3);
    return {};
  }
}

function exclaim(map: Map<unknown, string>): void {
  for (const [key, value] of map) map.set(key, `${value}!`);
}

registerInterop(new TheInterop());
