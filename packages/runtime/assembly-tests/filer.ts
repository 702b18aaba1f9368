import { Command, Filer, registerFiler, Result } from "@test/contract/assembly";
import { fail, fs } from "@wplug/runtime/assembly";

/** Does with files what the tests ask for. */
class TheFiler implements Filer {
  run(command: Command): Result {
    const path = command.path;
    const result = new Result();
    if (command.name == "read") {
      const text = fs.readTextFile(path);
      if (text === null) return fail<Result>(fs.error());
      result.text = text;
    } else if (command.name == "size") {
      const bytes = fs.readFile(path);
      if (bytes === null) return fail<Result>(fs.error());
      result.text = bytes.length.toString();
    } else if (command.name == "write") {
      if (!fs.writeTextFile(path, command.text)) return fail<Result>(fs.error());
    } else if (command.name == "write-bytes") {
      const bytes = new Uint8Array(3);
      bytes[1] = 0xff;
      if (!fs.writeFile(path, bytes)) return fail<Result>(fs.error());
    } else if (command.name == "append") {
      if (!fs.appendTextFile(path, command.text)) return fail<Result>(fs.error());
    } else if (command.name == "list") {
      const names = fs.readDir(path);
      if (names === null) return fail<Result>(fs.error());
      result.text = names.join(" ");
    } else {
      result.text = fs.exists(path).toString();
    }
    return result;
  }
}

registerFiler(new TheFiler());
