import { Host, Page, registerPage, Text } from "@generated/contract/assembly";
import { fail, fs } from "@wplug/runtime/assembly";

class ThePage implements Page {
  show(request: Text): Text {
    const text = request.text;
    const reply = new Text();
    if (text.startsWith("fetch ")) {
      const path = new Text();
      path.text = text.slice(6);
      reply.text = "fetched: " + new Host().fetch(path).text;
    } else if (text.startsWith("read ")) {
      const content = fs.readTextFile(text.slice(5));
      if (content === null) return fail<Text>(fs.error());
      reply.text = content;
    } else if (text == "loop") {
      while (true) {}
    } else if (text == "throw") {
      throw new Error("thrown on purpose");
    } else {
      console.log("shows " + text);
      reply.text = text + "!";
    }
    return reply;
  }
}

registerPage(new ThePage());
