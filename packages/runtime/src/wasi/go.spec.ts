import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { MemoryFiles, PluginExitError, PluginTrapError, type FileSystem } from "../index.js";
import { HostDirectory } from "../node.js";
import { buildGoPlugin, hasGo } from "../testing/go-plugin.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { WasiSetting } from "../testing/wasi-setting.js";

if (!hasGo) {
  it("WASI with a program of Go: not run, no Go toolchain", () => {
    expect(hasGo).toBe(false);
  });
}

/** Programs of another compiler: what Go's standard library makes of WASI. */
(hasGo ? describe : () => {})("a plugin of Go", () => {
  const setting = new WasiSetting(buildGoPlugin);
  const { folder, start } = setting;

  describe.each(["inline", "worker"] as const)("%s", (isolation) => {
    describe.each<[string, () => FileSystem]>([
      ["memory", () => new MemoryFiles()],
      ["a directory of the host", () => new HostDirectory(folder(), { writable: true })],
    ])("with files in %s", (_, create) => {
      it("reads, writes, lists, moves and removes", async () => {
        const run = await start({ isolation, files: { "/data": create(), "/other": create() } });
        expect(await run("write", "/data/a", "hello", "world")).toBe("");
        expect(await run("read", "/data/a")).toBe("hello world");
        await run("append", "/data/a", "!");
        expect(await run("read", "/data/a")).toBe("hello world!");
        expect(await run("seek", "/data/a")).toBe("9 he el _ello worEND");
        await run("mkdir", "/data/b/c");
        await run("rename", "/data/a", "/data/b/c/d");
        expect(await run("list", "/data")).toBe("/data/ /data/b/ /data/b/c/ /data/b/c/d");
        expect(await run("stat", "/data/b/c/d")).toMatch(/^12 false 20\d\d-/);
        expect(await run("stat", "/data/b")).toMatch(/true/);
        await run("times", "/data/b/c/d");
        expect(await run("stat", "/data/b/c/d")).toBe("12 false 2001-09-09T01:46:40Z");
        await run("truncate", "/data/b/c/d");
        expect(await run("read", "/data/b/c/d")).toBe("_e");
        await run("create", "/data/new");
        await expect(run("create", "/data/new")).rejects.toThrow(/exist/i);
        await expect(run("rename", "/data/new", "/other/new")).rejects.toThrow(/cross-device/i);
        await run("remove", "/data/b");
        expect(await run("list", "/data")).toBe("/data/ /data/new");
        await expect(run("read", "/data/a")).rejects.toThrow(/no such file/i);
        await expect(run("read", "/data/../other")).rejects.toThrow(/./);
        await run("link", "new", "/data/link");
        expect(await run("readlink", "/data/link")).toBe("new");
        await run("write", "/data/link", "through");
        expect(await run("read", "/data/new")).toBe("through");
        await run("hardlink", "/data/new", "/data/again");
        expect(await run("read", "/data/again")).toBe("through");
        for (const target of ["/etc", "../x"]) {
          await expect(run("link", target, "/data/out")).rejects.toThrow(/capab/i);
        }
      });
    });

    it("gets no files, environment, arguments or input that it was not given", async () => {
      const run = await start({ isolation });
      await expect(run("read", "/etc/passwd")).rejects.toThrow(/open \/etc\/passwd/);
      await expect(run("list", "/")).rejects.toThrow(/./);
      await expect(run("write", "/tmp/x", "y")).rejects.toThrow(/./);
      expect(await run("env")).toBe("|");
      expect(await run("stdin")).toBe('""');
    });

    it("sees nothing beside what it was given", async () => {
      const outside = folder();
      const files = new MemoryFiles({ a: "inside" });
      symlinkSync("/etc", join(outside, "etc"));
      const run = await start({
        isolation,
        files: { "/data": files, "/host": new HostDirectory(outside) },
      });
      await expect(run("read", "/host/etc/passwd")).rejects.toThrow(/capab|permission|permitted/i);
      await expect(run("read", "/data/../../etc/passwd")).rejects.toThrow(/./);
      expect(await run("read", "/data/./x/../a")).toBe("inside");
      await expect(run("readlink", "/host/etc")).rejects.toThrow(/capab/i);
    });

    it("can't change files that it may only read", async () => {
      const path = folder();
      const files = new MemoryFiles({ a: "text" }, { writable: false });
      const run = await start({ isolation, files: { "/m": files, "/h": new HostDirectory(path) } });
      expect(await run("read", "/m/a")).toBe("text");
      for (const command of [
        ["write", "/m/a", "x"],
        ["write", "/h/a", "x"],
        ["append", "/m/a", "x"],
        ["truncate", "/m/a"],
        ["times", "/m/a"],
        ["mkdir", "/h/b"],
        ["remove", "/m/a"],
        ["rename", "/m/a", "/m/b"],
      ]) {
        await expect(run(...command)).rejects.toThrow(/read-only/i);
      }
      expect(files.readTextFile("a")).toBe("text");
    });

    it("can have 1,021 files open and no more, and uses descriptors again", async () => {
      const run = await start({ isolation, files: { "/": new MemoryFiles({ a: "" }) } });
      await run("open-close", "/a");
      await expect(run("open-many", "/a")).rejects.toThrow(/too many open files/i);
    });

    it("lists a large directory", async () => {
      const files = new MemoryFiles();
      for (let i = 0; i < 1500; i++) files.writeFile(`file-with-a-long-name-${i}`, "");
      const run = await start({ isolation, files: { "/": files } });
      expect(await run("count", "/")).toBe("1500");
    });

    it("gets the environment, arguments, time and random numbers of the options", async () => {
      const run = await start({
        isolation,
        env: { NAME: "value" },
        args: ["plugin", "--flag"],
        clock: { realtime: () => 1_000_000_000_123_456_789n, monotonic: () => 5n },
        random: (bytes) => void bytes.fill(0xab),
      });
      expect(await run("env")).toBe("NAME=value|plugin --flag");
      expect(await run("now")).toBe("2001-09-09T01:46:40.123456789Z");
    });

    it("sleeps", async () => {
      const run = await start({ isolation });
      expect(await run("sleep")).toBe("true");
      expect(await run("random")).toMatch(/^[0-9a-f]{8}$/);
    });

    it("prints", async () => {
      let out = "";
      const run = await start({
        isolation,
        stdout: (text) => void (out += text),
        stderr: (text) => void (out += text),
      });
      await run("print", "héllo");
      expect(out).toBe("héllo\nhéllo\n");
    });

    it("panics, exits and deadlocks without harm to the host", async () => {
      for (const [command, type, message] of [
        ["panic", PluginTrapError, /panic: boom/],
        ["exit", PluginExitError, /exit code 3/],
        ["deadlock", PluginTrapError, /all goroutines are asleep - deadlock/],
      ] as const) {
        const run = await start({ isolation, stderr: null });
        const call = run(command, "boom");
        await expect(call).rejects.toBeInstanceOf(type);
        await expect(call).rejects.toThrow(message);
      }
    });
  });

  it("closes the files of an instance that is disposed", async () => {
    let open = 0;
    const inner = new MemoryFiles({ a: "" });
    const files = new Proxy<FileSystem>(inner, {
      get(target, name) {
        if (name !== "open") return (target as never)[name];
        return (...parameters: Parameters<FileSystem["open"]>) => {
          const handle = target.open(...parameters);
          open++;
          return { ...handle, close: () => (open--, handle.close()) };
        };
      },
    });
    for (const isolation of ["inline", "worker"] as const) {
      const plugin = await GreeterPlugin.load(setting.module, { isolation, files: { "/": files } });
      await expect(plugin.sayHello({ name: "open-many /a" })).rejects.toThrow(/too many/i);
      expect(open).toBeGreaterThan(1000);
      await plugin.dispose();
      expect(open).toBe(0);
    }
  });

  it("needs paths where it can see files", async () => {
    await expect(start({ files: { data: new MemoryFiles() } })).rejects.toThrow(
      'files: "data" is not a path where a plugin can see files: it must begin with "/", like "/data"',
    );
  });
});
