import {
  Choice,
  Choice_ChoiceCase,
  Collections,
  Color,
  Counter,
  Descriptions,
  Descriptions_PartCase,
  Fields,
  Fields_Nested,
  Fields_Nested_Kind,
  Host,
  Interop,
  KnownTypes,
  LengthRequest,
  Number,
  Presence,
  registerInterop,
  Text,
} from "@generated/contract/assembly";
import { fail, fs } from "@wplug/runtime/assembly";
import {
  boolValue,
  bytesValue,
  doubleValue,
  Empty,
  EnumValue,
  Field_Kind,
  floatValue,
  int32Value,
  int64Value,
  Mixin,
  NullValue,
  stringValue,
  structSet,
  Timestamp,
  uint32Value,
  uint64Value,
  valueBool,
  valueString,
} from "@wplug/well-known-types/assembly";

class TheInterop implements Interop {
  greet(request: Text): Text {
    return text("Hello, " + request.text);
  }

  change(it: Fields): Fields {
    it.double *= 2;
    it.float *= 2;
    it.int32++;
    it.int64++;
    it.uint32++;
    it.uint64++;
    it.sint32++;
    it.sint64++;
    it.fixed32++;
    it.fixed64++;
    it.sfixed32++;
    it.sfixed64++;
    it.bool = !it.bool;
    it.string += "!";
    const bytes = new Uint8Array(it.bytes.length + 1);
    bytes.set(it.bytes);
    bytes[it.bytes.length] = 0xff;
    it.bytes = bytes;
    it.list.push("last");
    const numbers = it.map.values();
    for (let i = 0; i < numbers.length; i++) numbers[i].number++;
    it.map.set("new", new Number());
    const nested = it.nested;
    if (nested === null) {
      it.nested = new Fields_Nested();
    } else {
      nested.kind = Fields_Nested_Kind.KNOWN;
      nested.text += "!";
    }
    it.color = <Color>(it.color + 1);
    return it;
  }

  collect(it: Collections): Collections {
    it.doubles.reverse();
    it.floats.reverse();
    it.int32s.reverse();
    it.int64s.reverse();
    it.uint32s.reverse();
    it.uint64s.reverse();
    it.sint32s.reverse();
    it.sint64s.reverse();
    it.fixed32s.reverse();
    it.fixed64s.reverse();
    it.sfixed32s.reverse();
    it.sfixed64s.reverse();
    it.bools.reverse();
    it.strings.reverse();
    it.bytes.reverse();
    it.colors.reverse();
    it.numbers.reverse();
    it.unpacked.reverse();
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

  toggle(it: Presence): Presence {
    const other = new Presence();
    if (!it.hasDouble) other.setDouble(0);
    if (!it.hasFloat) other.setFloat(0);
    if (!it.hasInt32) other.setInt32(0);
    if (!it.hasInt64) other.setInt64(0);
    if (!it.hasUint32) other.setUint32(0);
    if (!it.hasSint64) other.setSint64(0);
    if (!it.hasFixed32) other.setFixed32(0);
    if (!it.hasSfixed64) other.setSfixed64(0);
    if (!it.hasBool) other.setBool(false);
    if (it.string === null) other.string = "";
    if (it.bytes === null) other.bytes = new Uint8Array(0);
    if (!it.hasColor) other.setColor(Color.BLACK);
    if (it.number === null) other.number = new Number();
    return other;
  }

  choose(it: Choice): Choice {
    switch (it.choiceCase) {
      case Choice_ChoiceCase.text:
        return it.setNumber(it.text.length);
      case Choice_ChoiceCase.number:
        return it.setBytes(new Uint8Array(it.number));
      case Choice_ChoiceCase.bytes: {
        const message = new Number();
        message.number = it.bytes.length;
        return it.setMessage(message);
      }
      case Choice_ChoiceCase.message:
        return it.setFlag(it.message!.number == 0);
      case Choice_ChoiceCase.flag:
        it.clearChoice();
        return it;
      default:
        return it.setText("");
    }
  }

  know(it: KnownTypes): KnownTypes {
    it.timestamp!.seconds++;
    it.duration!.seconds = -it.duration!.seconds;
    it.duration!.nanos = -it.duration!.nanos;
    it.any!.typeUrl += "!";
    structSet(it.struct!, "seen", valueBool(true));
    it.value = valueString("a value");
    it.list!.values.reverse();
    it.source!.fileName += "!";
    it.double = doubleValue(it.double!.value * 2);
    it.float = floatValue(it.float!.value * 2);
    it.int64 = int64Value(it.int64!.value + 1);
    it.uint64 = uint64Value(it.uint64!.value + 1);
    it.int32 = int32Value(it.int32!.value + 1);
    it.uint32 = uint32Value(it.uint32!.value + 1);
    it.bool = boolValue(!it.bool!.value);
    it.string = stringValue(it.string!.value + "!");
    it.bytes = bytesValue(new Uint8Array(it.bytes!.value.length));
    it.timestamps.push(new Timestamp());
    return it;
  }

  describe(it: Descriptions): Descriptions {
    it.mask!.paths.push("last");
    const type = it.messageType!;
    type.name += "!";
    type.fields.reverse();
    type.fields[0].kind = Field_Kind.TYPE_BOOL;
    type.options[0].value!.typeUrl += "!";
    type.sourceContext!.fileName += "!";
    it.enumType!.name += "!";
    it.enumType!.enumvalue[0].number++;
    const api = it.api!;
    api.name += "!";
    api.methods[0].responseStreaming = !api.methods[0].responseStreaming;
    const mixin = new Mixin();
    mixin.name = "last";
    api.mixins.push(mixin);
    const file = it.file!;
    file.name = file.name! + "!";
    file.messageType[0].field[0].clearNumber();
    file.dependency.push("last");
    it.syntax++;
    it.kind++;
    it.cardinality++;
    it.setNullValue(NullValue.NULL_VALUE);
    it.nullValues.push(NullValue.NULL_VALUE);
    const value = new EnumValue();
    value.name = "last";
    it.enumValues.push(value);
    it.maskOf.delete("gone");
    it.syntaxOf.delete("gone");
    switch (it.partCase) {
      case Descriptions_PartCase.method:
        it.method!.name += "!";
        break;
      case Descriptions_PartCase.mixin:
        it.mixin!.root += "!";
        break;
      case Descriptions_PartCase.field:
        it.field!.jsonName += "!";
        break;
      case Descriptions_PartCase.option:
        it.option!.name += "!";
        break;
    }
    return it;
  }

  nothing(_: Empty): Empty {
    return new Empty();
  }

  fill(_: Empty): Text {
    return text("filled");
  }

  drop(_: Text): Empty {
    return new Empty();
  }

  fail(request: Text): Text {
    return fail<Text>(request.text);
  }

  ask(request: Text): Text {
    return new Host().answer(request);
  }

  tell(request: Text): Text {
    new Host().log(request);
    return new Host().tick(new Empty());
  }

  count(request: Text): Text {
    const measured = new LengthRequest();
    measured.text = request.text;
    return text(new Counter().length(measured).length.toString());
  }

  readFile(request: Text): Text {
    const content = fs.readTextFile(request.text);
    return content === null ? fail<Text>(fs.error()) : text(content);
  }

  writeFile(request: Text): Empty {
    return fs.writeTextFile(request.text, "written") ? new Empty() : fail<Empty>(fs.error());
  }

  print(request: Text): Empty {
    console.log("out: " + request.text);
    console.error("err: " + request.text);
    return new Empty();
  }

  crash(request: Text): Empty {
    if (request.text == "panic") throw new Error("thrown on purpose");
    if (request.text == "exit") process.exit(3);
    return new Empty();
  }
}

function text(value: string): Text {
  const text = new Text();
  text.text = value;
  return text;
}

function exclaim<K>(map: Map<K, string>): void {
  const keys = map.keys();
  for (let i = 0; i < keys.length; i++) map.set(keys[i], map.get(keys[i]) + "!");
}

registerInterop(new TheInterop());
