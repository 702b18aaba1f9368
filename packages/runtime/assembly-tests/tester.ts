import {
  Color,
  Empty,
  Everything,
  Everything_ChoiceCase,
  Item,
  registerTester,
  Tester,
  Text,
} from "@test/contract/assembly";
import { fail } from "@wplug/runtime/assembly";

/** Does what the tests ask for. */
class TheTester implements Tester {
  echo(request: Everything): Everything {
    if (request.stringValue == "cycle") request.self = request;
    return request;
  }

  nothing(request: Empty): Empty {
    return request;
  }

  run(request: Text): Text {
    const command = request.text;
    if (command == "fail") return fail<Text>("no such user: é 🌍");
    if (command == "fail without text") return fail<Text>("");
    if (command == "throw") throw new Error("boom é");
    if (command == "throw a long text") throw new Error("é".repeat(5000));
    if (command == "bad index") return { text: [1, 2, 3][command.length].toString() };
    if (command == "recursion") return { text: deep("x") };
    if (command == "large answer") return { text: "x".repeat(3 << 20) };
    if (command == "lone surrogates")
      return { text: String.fromCharCode(0xd800) + "x" + String.fromCharCode(0xdc00) };
    if (command == "console") return say();
    if (command == "wasi") return wasi();
    if (command == "garbage") return { text: garbage() };
    if (command == "presence") return { text: presence() };
    if (command == "removed entries") return { text: removedEntries() };
    if (command == "hole in a list") return { text: holeInList() };
    if (command == "codec") return { text: codec() };
    return { text: command };
  }
}

function deep(text: string): string {
  return deep(text + "x") + text;
}

function say(): Text {
  console.log("log é");
  console.info("info");
  console.debug("debug");
  console.warn("warn");
  console.error("error");
  console.assert(1 == 1, "not this");
  console.assert(1 == 2, "this");
  return {};
}

function wasi(): Text {
  const random = new Uint8Array(4);
  crypto.getRandomValues(random);
  return {
    text: [
      Date.now().toString(),
      performance.now().toString(),
      process.env.get("NAME"),
      random[0].toString(),
      (Math.random() < 1).toString(),
    ].join(" "),
  };
}

function garbage(): string {
  let all: string[] = [];
  for (let i = 0; i < 4000; i++) all.push(i.toString());
  return all.length.toString();
}

function presence(): string {
  const message = new Everything();
  const before = message.hasInt32Maybe;
  message.setInt32Maybe(0);
  const after = message.hasInt32Maybe;
  message.clearInt32Maybe();
  message.setChoicestring("text").setChoiceItem({ name: "item", count: 1 });
  const choice =
    message.choiceCase == Everything_ChoiceCase.choiceItem && message.choicestring == "";
  message.clearChoice();
  const cleared =
    message.choiceCase == Everything_ChoiceCase.NOT_SET && message.choiceItem === null;
  const color = message.setMaybeColor(Color.NEGATIVE).maybeColor == -1;
  return [before, after, message.hasInt32Maybe, choice, cleared, color].toString();
}

function codec(): string {
  const item: Item = { name: "name", count: -1 };
  const bytes = item.encode();
  const copy = Item.decode(bytes);
  if (copy === null) return "not decoded";
  const bad = Item.decode(bytes.subarray(0, 3));
  return copy.name + " " + copy.count.toString() + " " + (bad === null).toString();
}

function removedEntries(): string {
  const message = new Everything();
  for (let i = 0; i < 10; i++) message.int32Map.set(i, "value " + i.toString());
  for (let i = 0; i < 10; i++) if (i != 7) message.int32Map.delete(i);
  const copy = Everything.decode(message.encode());
  if (copy === null) return "not decoded";
  return copy.int32Map.size.toString() + " " + copy.int32Map.get(7);
}

function holeInList(): string {
  const message = new Everything();
  message.items = new Array<Item>(2);
  return message.encode().length.toString();
}

registerTester(new TheTester());
