import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MemoryFiles, type LoadOptions } from "@wplug/runtime";
import { HostDirectory } from "@wplug/runtime/node";

import { emitHostSdk } from "../../../host-sdk/emit-host-sdk";
import { PluginWorkspace } from "../testing/plugin-workspace";
import { contractOf, type Protos } from "../../../testing/compile-inline";
import { loadGenerated } from "../../../testing/load-generated";

jest.setTimeout(60_000);

const protos: Protos = {
  "filer.proto": `
    syntax = "proto3";
    package filer;
    message Command { string name = 1; string path = 2; string text = 3; }
    message Result { string text = 1; }
    // go:plugin type=plugin version=1
    service Filer { rpc Run(Command) returns (Result); }`,
};

interface Client {
  run(command: { name: string; path: string; text?: string }): Promise<{ text: string }>;
  dispose(): Promise<void>;
}

describe("files of a plugin in AssemblyScript", () => {
  let wasm: Uint8Array;
  let FilerPlugin: { load(wasm: Uint8Array, options?: LoadOptions): Promise<Client> };
  const opened: Client[] = [];

  beforeAll(async () => {
    const contract = contractOf(protos);
    ({ FilerPlugin } = await loadGenerated<{ FilerPlugin: typeof FilerPlugin }>(
      emitHostSdk(contract),
      "host.ts",
    ));
    const workspace = new PluginWorkspace(contract).use("filer.ts");
    expect((await workspace.compile()).diagnostics).toEqual([]);
    wasm = workspace.module();
    workspace.dispose();
  });

  afterEach(() => Promise.all(opened.splice(0).map((plugin) => plugin.dispose())));

  async function start(options: LoadOptions = {}) {
    const plugin = await FilerPlugin.load(wasm, options);
    opened.push(plugin);
    return async (name: string, path: string, text = "") =>
      (await plugin.run({ name, path, text })).text;
  }

  it("are read, written and listed", async () => {
    const files = new MemoryFiles({ "a.txt": "hällo 😀", empty: "", "sub/b": "b" });
    const run = await start({ files: { "/data": files, "/": new MemoryFiles({ root: "r" }) } });
    expect(await run("read", "/data/a.txt")).toBe("hällo 😀");
    expect(await run("read", "data/a.txt")).toBe("hällo 😀");
    expect(await run("read", "./data//sub/b")).toBe("b");
    expect(await run("read", "/data/empty")).toBe("");
    expect(await run("read", "/root")).toBe("r");
    await run("write", "/data/new", "é");
    await run("append", "/data/new", "!");
    await run("append", "/data/other", "?");
    await run("write-bytes", "/data/bytes");
    expect(files.readTextFile("new")).toBe("é!");
    expect(files.readTextFile("other")).toBe("?");
    expect(files.readFile("bytes")).toEqual(Uint8Array.of(0, 255, 0));
    expect(await run("list", "/data")).toBe("a.txt bytes empty new other sub");
    expect(await run("list", "/data/sub/")).toBe("b");
    expect(await run("exists", "/data/a.txt")).toBe("true");
    expect(await run("exists", "/data/sub")).toBe("true");
    expect(await run("exists", "/data/nope")).toBe("false");
    expect(await run("exists", "/etc/passwd")).toBe("false");
    await run("write", "/data/new", "");
    expect(await run("size", "/data/new")).toBe("0");
  });

  it("may be large and many", async () => {
    const files = new MemoryFiles({ large: new Uint8Array(1_000_000) });
    for (let i = 0; i < 1000; i++) files.writeFile(`many/${i}-${"x".repeat(i % 200)}`, "");
    const run = await start({ files: { "/": files } });
    for (let i = 0; i < 20; i++) expect(await run("size", "/large")).toBe("1000000");
    expect((await run("list", "/many")).split(" ")).toHaveLength(1000);
    await run("write", "/text", "ü".repeat(100_000));
    expect(await run("size", "/text")).toBe("200000");
    expect(await run("read", "/text")).toBe("ü".repeat(100_000));
  });

  it("can't be used beyond what the host gave, and the plugin can tell why", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wplug-filer-"));
    try {
      writeFileSync(join(folder, "bad"), Uint8Array.of(0xff));
      symlinkSync("/etc/passwd", join(folder, "link"));
      const none = await start();
      await expect(none("read", "/etc/passwd")).rejects.toThrow(
        "can't read /etc/passwd: the host gave this plugin no files there (load option: files)",
      );
      const run = await start({ files: { "/data": new HostDirectory(folder) } });
      for (const [name, path, message] of [
        ["read", "/etc/passwd", "can't read /etc/passwd: the host gave this plugin no files there"],
        ["read", "/datax", "can't read /datax: the host gave this plugin no files there"],
        ["read", "/data/../x", "can't read /data/../x: the host gave this plugin no files there"],
        ["read", "/data/link", "can't read /data/link: the host gave this plugin no files there"],
        ["read", "/data/no", "can't read /data/no: there is no such file or directory"],
        ["read", "/data/bad", "can't read /data/bad as text: it is not UTF-8"],
        ["read", "/data/bad/x", "it is not a directory, or a file is in the place of one"],
        ["list", "/data/bad", "can't list /data/bad: it is not a directory"],
        ["list", "/data/no", "can't list /data/no: there is no such file or directory"],
        ["read", "/data", "can't read /data: it is a directory"],
        ["write", "/data/x", "can't write /data/x: this plugin may only read here"],
        ["write", "/data", "can't write /data: it is a directory"],
      ] as const) {
        await expect(run(name, path, "text")).rejects.toThrow(message);
      }
      const small = await start({ files: { "/": new MemoryFiles({}, { capacity: 1000 }) } });
      await expect(small("write", "/x", "x".repeat(2000))).rejects.toThrow(
        "can't write /x: there is no room left",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
