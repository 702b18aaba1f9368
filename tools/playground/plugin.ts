import { Everything, Host, Large, Play, registerPlay, Text } from "@generated/contract/assembly";
import { fail, fs } from "@wplug/runtime/assembly";

class ThePlay implements Play {
  private calls: i32 = 0;

  echo(request: Everything): Everything {
    return request;
  }

  obey(request: Text): Text {
    const text = request.text;
    const reply = new Text();
    if (text == "loop") {
      while (true) {}
    } else if (text == "flood") {
      for (let i = 0; i < 100000; i++) console.log("water");
    } else if (text == "flood for ever") {
      while (true) console.log("water");
    } else if (text == "grow") {
      const all: ArrayBuffer[] = [];
      while (true) all.push(new ArrayBuffer(1 << 20));
    } else if (text == "find for ever") {
      const host = new Host();
      while (true) host.find(request);
    } else if (text == "large") {
      reply.text = "large ".repeat(9000000);
    } else if (text == "say and loop") {
      console.log("said before");
      while (true) {}
    } else if (text == "throw") {
      throw new Error("thrown on purpose");
    } else if (text == "fail") {
      return fail<Text>("as it was told");
    } else if (text == "count") {
      reply.text = (++this.calls).toString();
    } else if (text.startsWith("find ")) {
      const wanted = new Text();
      wanted.text = text.slice(5);
      reply.text = "found " + new Host().find(wanted).text;
    } else if (text.startsWith("read ")) {
      const content = fs.readTextFile(text.slice(5));
      if (content === null) return fail<Text>(fs.error());
      reply.text = content;
    } else {
      console.log("obeys " + text);
      console.error("to the error output");
      reply.text = text + "!";
    }
    return reply;
  }

  fill(request: Large): Text {
    const reply = new Text();
    reply.text = request.f500;
    return reply;
  }
}

registerPlay(new ThePlay());
