import { TemporaryFolder } from "../../testing/temporary-folder";
import { modulePath } from "./go-module";

describe("modulePath", () => {
  const read = (text: string | undefined) => {
    const folder = new TemporaryFolder(text === undefined ? {} : { "go.mod": text });
    try {
      return modulePath(folder.path);
    } finally {
      folder.remove();
    }
  };

  it.each([
    ["module greeter-plugin\n\ngo 1.24.0\n", "greeter-plugin"],
    ["// module no\nmodule example.com/a/b // yes\n", "example.com/a/b"],
    ['module "example.com/a"\n', "example.com/a"],
  ])("reads %j", (text, path) => expect(read(text)).toBe(path));

  it("says how to make a go.mod where there is none", () => {
    expect(() => read(undefined)).toThrow(/There is no .*go\.mod: .*"go mod init" makes one/);
  });

  it("names the file that has no module", () => {
    expect(() => read("go 1.24.0\n")).toThrow(/go\.mod has no line "module NAME"/);
  });
});
