import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { MemoryFiles, PluginExitError, PluginTrapError, type FileSystem } from "../index.js";
import { HostDirectory } from "../node.js";
import { wasiPrograms } from "../testing/wasi-programs.js";
import { WasiSetting } from "../testing/wasi-setting.js";

/** What the standard libraries of other languages, wasi-libc in all of them, make of WASI. Go has a suite of its own. */
describe.each(wasiPrograms)("a plugin in $language", ({ language, build }) => {
  if (build === undefined) {
    it("is not tested: there is no compiler for it", () => {
      expect(build).toBeUndefined();
    });
    return;
  }

  const setting = new WasiSetting(build);
  const { folder, start } = setting;

  describe.each(["inline", "worker"] as const)("%s", (isolation) => {
    it.each<[string, () => FileSystem]>([
      ["memory", () => new MemoryFiles()],
      ["a directory of the host", () => new HostDirectory(folder(), { writable: true })],
    ])("reads, writes, lists, moves and removes files in %s", async (_, create) => {
      const run = await start({ isolation, files: { "/data": create(), "/other": create() } });
      await run("write", "/data/a", "hello");
      expect(await run("read", "/data/a")).toBe("hello");
      await run("append", "/data/a", ",world!");
      expect(await run("seek", "/data/a")).toBe("9 he END");
      expect(await run("read", "/data/a")).toBe("hello,worEND");
      await run("mkdir", "/data/b");
      await run("rename", "/data/a", "/data/b/c");
      expect(await run("list", "/data")).toBe("b");
      expect(await run("stat", "/data/b/c")).toBe("12 file");
      expect(await run("stat", "/data/b")).toMatch(/ directory$/);
      await run("truncate", "/data/b/c");
      expect(await run("read", "/data/b/c")).toBe("he");
      await run("create", "/data/new");
      await expect(run("create", "/data/new")).rejects.toThrow(/file exists/i);
      await expect(run("rename", "/data/new", "/other/new")).rejects.toThrow(/cross-device/i);
      await expect(run("remove", "/data/b")).rejects.toThrow(/not empty/i);
      await run("remove", "/data/b/c");
      await run("remove", "/data/b");
      expect(await run("list", "/data")).toBe("new");
      await expect(run("read", "/data/a")).rejects.toThrow(/no such file/i);
    });

    it.each<[string, () => FileSystem]>([
      ["memory", () => new MemoryFiles()],
      ["a directory of the host", () => new HostDirectory(folder(), { writable: true })],
    ])("makes and follows links, and finds files as POSIX says, in %s", async (_, create) => {
      const run = await start({ isolation, files: { "/data": create(), "/other": create() } });
      await run("mkdir", "/data/releases");
      await run("mkdir", "/data/releases/v2");
      await run("write", "/data/releases/shared", "right");
      await run("write", "/data/shared", "wrong");
      await run("link", "releases/v2", "/data/current");
      expect(await run("readlink", "/data/current")).toBe("releases/v2");
      expect(await run("read", "/data/current/../shared")).toBe("right");
      expect(await run("stat", "/data/current")).toMatch(/ directory$/);
      await expect(run("read", "/data/nope/../shared")).rejects.toThrow(/no such file/i);
      await expect(run("read", "/data/shared/")).rejects.toThrow(/not a directory/i);
      await expect(run("unlink", "/data/shared/")).rejects.toThrow(/not a directory/i);
      expect(await run("read", "/data/shared")).toBe("wrong");

      await run("hardlink", "/data/shared", "/data/current/again");
      await run("append", "/data/releases/v2/again", "+");
      expect(await run("read", "/data/shared")).toBe("wrong+");
      await expect(run("hardlink", "/data/shared", "/other/x")).rejects.toThrow(/cross-device/i);

      await run("link", "nowhere", "/data/dangling");
      await expect(run("create", "/data/dangling")).rejects.toThrow(/file exists/i);
      await run("write", "/data/dangling", "made");
      expect(await run("read", "/data/nowhere")).toBe("made");
      await run("link", "loop", "/data/loop");
      await expect(run("read", "/data/loop")).rejects.toThrow(/symbolic link|too many levels/i);
      const long = `/data/${"n".repeat(256)}`;
      await expect(run("mkdir", long)).rejects.toThrow(/name too long|filename too long/i);

      for (const target of ["/etc/passwd", "../outside", "releases/../../outside"]) {
        await expect(run("link", target, "/data/out")).rejects.toThrow(/capab/i);
      }
      expect(await run("list", "/data")).toBe("current dangling loop nowhere releases shared");
    });

    if (language === "C") {
      it.each<[string, () => FileSystem]>([
        ["memory", () => new MemoryFiles()],
        ["a directory of the host", () => new HostDirectory(folder(), { writable: true })],
      ])("sets times to the nanosecond and sees inodes in %s", async (_, create) => {
        const run = await start({ isolation, files: { "/data": create() } });
        await run("write", "/data/f", "1");
        await run("link", "f", "/data/l");
        await run("mkdir", "/data/d");
        expect(await run("times", "/data/f")).toBe("1000000000.123456789 1234567890.987654321");
        // With `.` and `..`, which is the root again.
        expect(await run("inodes", "/data")).toMatch(/^(4 of 4|5 of 5)$/);
        expect(await run("inodes", "/data/d")).toMatch(/^(1 of 1|2 of 2)$/);
      });

      it("is told what is no socket", async () => {
        const run = await start({ isolation });
        await expect(run("shutdown", "0")).rejects.toThrow(/not a socket/i);
        await expect(run("shutdown", "77")).rejects.toThrow(/bad file descriptor/i);
      });
    }

    it("gets no files, environment or input that it was not given", async () => {
      const run = await start({ isolation });
      await expect(run("read", "/etc/passwd")).rejects.toThrow(/./);
      await expect(run("list", "/")).rejects.toThrow(/./);
      expect(await run("env")).toBe("");
      expect(await run("stdin")).toBe("end");
    });

    it("reaches nothing beside its files, and changes none that it may only read", async () => {
      const path = folder();
      symlinkSync("/etc", join(path, "etc"));
      symlinkSync("../../../etc/passwd", join(path, "passwd"));
      const run = await start({
        isolation,
        files: {
          "/m": new MemoryFiles({ a: "text" }, { writable: false }),
          "/h": new HostDirectory(path),
        },
      });
      for (const file of [
        "/h/etc/passwd",
        "/h/passwd",
        "/h/../etc/passwd",
        "/m/../../etc/passwd",
      ]) {
        await expect(run("read", file)).rejects.toThrow(/./);
      }
      for (const link of ["/h/etc", "/h/passwd"]) {
        await expect(run("readlink", link)).rejects.toThrow(/capab/i);
      }
      expect(await run("read", "/m/a")).toBe("text");
      for (const command of ["write", "append", "truncate"]) {
        await expect(run(command, "/m/a", "x")).rejects.toThrow(/read-only/i);
      }
      await expect(run("mkdir", "/h/b")).rejects.toThrow(/read-only/i);
      await expect(run("link", "a", "/h/b")).rejects.toThrow(/read-only/i);
      await expect(run("link", "a", "/m/b")).rejects.toThrow(/read-only/i);
      await expect(run("hardlink", "/m/a", "/m/b")).rejects.toThrow(/read-only/i);
      expect(await run("read", "/m/a")).toBe("text");
    });

    it("can have so many files open and no more, and lists a large directory", async () => {
      const files = new MemoryFiles();
      const names = Array.from({ length: 600 }, (_, i) => `f${1000 + i}`);
      for (const name of names) files.writeFile(name, "");
      const run = await start({ isolation, files: { "/": files } });
      expect(await run("list", "/")).toBe(names.join(" "));
      await expect(run("open-many", "/f1000")).rejects.toThrow(/too many|no file descriptors/i);
    });

    it("gets the environment, time and random numbers of the options, and sleeps", async () => {
      const run = await start({
        isolation,
        env: { NAME: "value" },
        clock: { realtime: () => 1_000_000_000_123_456_789n, monotonic: () => 5n },
        random: (bytes) => void bytes.fill(0xab),
      });
      expect(await run("env")).toBe("NAME=value");
      expect(await run("now")).toBe("1000000000.123456789");
      const random = await run("random");
      if (language === "C") expect(random).toBe("abababab");
      expect(await (await start({ isolation }))("sleep")).toBe("true");
    });

    it("prints, exits and aborts without harm to the host", async () => {
      let out = "";
      const take = (text: string): void => void (out += text);
      const run = await start({ isolation, stdout: take, stderr: take });
      await run("print", "héllo");
      expect(out).toBe("héllo\nhéllo\n");
      await expect(run("exit")).rejects.toBeInstanceOf(PluginExitError);
      const other = await start({ isolation, stderr: null });
      const call = other("panic", "boom");
      await expect(call).rejects.toBeInstanceOf(PluginTrapError);
      await expect(call).rejects.toThrow(/boom/);
    });
  });
});
