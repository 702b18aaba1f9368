import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { helperCommand } from "./helper-command.js";

const NAME = "docker-credential-wincred";

describe("helperCommand", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wplug-helpers-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function install(...path: string[]): string {
    const file = join(folder, ...path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, "");
    return file;
  }

  const onWindows = (PATH: string, env: Record<string, string> = {}) =>
    helperCommand(NAME, { Path: PATH, ...env }, "win32");

  it("leaves the search to the system where programs have no extensions", () => {
    const command = { command: NAME, args: ["get"], isVerbatim: false };
    expect(helperCommand(NAME, {}, "linux")).toEqual(command);
    expect(helperCommand(NAME, {}, "darwin")).toEqual(command);
  });

  it("finds an .exe in a folder of PATH on Windows", () => {
    const file = install("b", `${NAME}.exe`);
    const path = `${join(folder, "a")};"${join(folder, "b")}"`;
    expect(onWindows(path)).toEqual({ command: file, args: ["get"], isVerbatim: false });
  });

  it("has cmd run a .cmd on Windows, in quotes and without a profile", () => {
    const file = install("Program Files & more", `${NAME}.cmd`);
    expect(onWindows(join(folder, "Program Files & more"), { ComSpec: "C:\\cmd.exe" })).toEqual({
      command: "C:\\cmd.exe",
      args: ["/d", "/v:off", "/s", "/c", `""${file}" get"`],
      isVerbatim: true,
    });
    expect(onWindows(join(folder, "Program Files & more")).command).toBe("cmd.exe");
  });

  it("takes the first folder, and in it the first extension of PATHEXT", () => {
    const exe = install("a", `${NAME}.exe`);
    const cmd = install("a", `${NAME}.cmd`);
    install("b", `${NAME}.com`);
    const path = `${join(folder, "a")};${join(folder, "b")}`;
    expect(onWindows(path).command).toBe(exe);
    expect(onWindows(path, { PATHEXT: ".CMD;.EXE" }).args).toContain(`""${cmd}" get"`);
  });

  it("finds nothing in the current folder, nor where cmd would replace a part of the path", () => {
    install("100%PATH%", `${NAME}.cmd`);
    const missing = join(NAME, `${NAME}.exe`);
    expect(onWindows(`;.;${join(folder, "100%PATH%")}`).command).toBe(missing);
    expect(helperCommand(NAME, {}, "win32").command).toBe(missing);
  });
});
