import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

import { describeContract } from "../descriptors/describe-contract";
import { compileInline } from "../testing/compile-inline";
import { TemporaryFolder } from "../testing/temporary-folder";
import { greeterWasm, startTestRegistry, type TestRegistry } from "../testing/test-registry";
import { appendCustomSection } from "../wasm/custom-section";
import { main } from "./main";

let registry: TestRegistry;
let folder: TemporaryFolder;
let printed: string;
let complained: string;
let repository: string;
let cacheHome: string | undefined;

async function wplug(...argv: string[]): Promise<number> {
  printed = "";
  complained = "";
  return main(argv, {
    stdout: { write: (text) => (printed += text) },
    stderr: { write: (text) => (complained += text) },
    folder: folder.path,
  });
}

/** The answer for programs. */
async function json(...argv: string[]): Promise<Record<string, unknown>> {
  expect(await wplug(...argv, "--json")).toBe(0);
  return JSON.parse(printed) as Record<string, unknown>;
}

beforeEach(async () => {
  registry = await startTestRegistry();
  repository = `oci://${registry.host}/acme/greeter`;
  folder = new TemporaryFolder();
  writeFileSync(join(folder.path, "greeter.wasm"), greeterWasm(1));
  writeFileSync(join(folder.path, "greeter2.wasm"), greeterWasm(2));
  cacheHome = process.env["XDG_CACHE_HOME"];
  process.env["XDG_CACHE_HOME"] = join(folder.path, ".cache");
});

afterEach(async () => {
  if (cacheHome === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = cacheHome;
  await registry.stop();
  folder.remove();
});

describe("wplug", () => {
  it("shows its commands, and their options", async () => {
    expect(await wplug("--help")).toBe(0);
    for (const name of ["push", "pull", "lock", "resolve", "copy", "inspect", "search"]) {
      expect(printed).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
      expect(await wplug(name, "--help")).toBe(0);
      expect(printed).toContain(`usage: wplug ${name} `);
      await wplug("--help");
    }
    await wplug("push", "--help");
    const help = printed;
    expect(await wplug("help", "push")).toBe(0);
    expect(printed).toBe(help);
    expect(await wplug("help")).toBe(0);
    expect(await wplug("--version")).toBe(0);
    expect(printed).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[], ""],
    [["pusch"], "wplug: there is no command pusch"],
    [["help", "pusch"], "wplug: there is no command pusch"],
    [["toString"], "wplug: there is no command toString"],
    [["push"], "wplug push: an argument is missing"],
    [["push", "a", "b", "c"], "wplug push: c is one argument too many"],
    [["push", "--forse", "a", "b"], "wplug push: Unknown option '--forse'"],
    [["push", "--version"], "wplug push: "],
  ])("exits with 2 for %j, and says what there is", async (argv, message) => {
    expect(await wplug(...argv)).toBe(2);
    expect(printed).toBe("");
    expect(complained).toContain(message);
    expect(complained).toContain("usage: wplug ");
  });

  it("exits with 1 and one sentence if something fails", async () => {
    expect(await wplug("push", "none.wasm", `${repository}:1`)).toBe(1);
    expect(complained).toMatch(/^wplug push: can't read .*none\.wasm: ENOENT.*\n$/);
    expect(await wplug("pull", `${repository}:1`)).toBe(1);
    expect(complained).toMatch(/^wplug pull: \S+ 127\S* has no such plugin, or shows it only.*\n$/);
    expect(await wplug("resolve", "greeter")).toBe(1);
    expect(complained).toMatch(/^wplug resolve: greeter is no reference to a plugin.*\n$/);
  });
});

describe("wplug push and pull", () => {
  it("bring a plugin from a file to a file", async () => {
    expect(await wplug("push", "greeter.wasm", `${repository}:1.0`)).toBe(0);
    const [first, reference = ""] = printed.trim().split("\n");
    expect(first).toBe(`${repository}:1.0 pushed`);
    expect((await json("resolve", `${repository}:1.0`))["reference"]).toBe(reference);
    expect(await wplug("pull", reference)).toBe(0);
    expect(printed).toContain(join(folder.path, "greeter.wasm"));
    const pulled = await json("pull", `${repository}:1.0`, "--output=sub/x.wasm");
    expect(pulled["file"]).toBe(join(folder.path, "sub/x.wasm"));
    expect(readFileSync(join(folder.path, "sub/x.wasm")).equals(greeterWasm(1))).toBe(true);
    expect(await wplug("pull", reference, "--output=sub")).toBe(0);
    expect(printed).toContain(join(folder.path, "sub/greeter.wasm"));
    expect(await wplug("pull", reference, "--output=new/")).toBe(0);
    expect(readFileSync(join(folder.path, "new/greeter.wasm")).equals(greeterWasm(1))).toBe(true);
    expect(await wplug("pull", reference, "--output=greeter.wasm/x")).toBe(1);
    expect(complained).toMatch(/can't be written: a part of the path is a file/);
    expect(await wplug("push", "greeter.wasm", `${repository}:1.0`)).toBe(0);
    expect(printed).toContain("was there already");
  });

  it("show on a terminal how far they are, and nothing of it elsewhere", async () => {
    const shown = async (isTTY: boolean, ...argv: string[]): Promise<string> => {
      let text = "";
      const stderr = { write: (it: string) => (text += it), isTTY };
      const stdout = { write: () => true };
      expect(await main(argv, { stdout, stderr, folder: folder.path })).toBe(0);
      return text;
    };
    // New bytes each time: what is there already is not sent.
    const modes: [boolean, string[], RegExp][] = [
      [true, [], /^(\r0\.0 of 0\.0 MB )+\r.\[K$/],
      [true, ["--json"], /^$/],
      [false, [], /^$/],
    ];
    for (const [index, [isTTY, more, expected]] of modes.entries()) {
      writeFileSync(join(folder.path, "new.wasm"), greeterWasm(10 + index));
      const tag = `${repository}:${index}`;
      const layout = join(folder.path, `layout${index}`);
      expect(await shown(isTTY, "push", "new.wasm", tag, ...more)).toMatch(expected);
      expect(await shown(isTTY, "pull", tag, ...more)).toMatch(expected);
      expect(await shown(isTTY, "copy", tag, layout, ...more)).toMatch(expected);
    }
  });

  it("move a tag only by --force, and nothing by --dry-run", async () => {
    await wplug("push", "greeter.wasm", `${repository}:1.0`);
    expect(await wplug("push", "greeter2.wasm", `${repository}:1.0`)).toBe(1);
    expect(complained).toContain("push another version, or move the tag with --force");
    const before = (await json("resolve", `${repository}:1.0`))["manifest"];
    expect(await wplug("push", "greeter2.wasm", `${repository}:1.0`, "--force", "--dry-run")).toBe(
      0,
    );
    expect(printed).toContain("would be pushed");
    expect((await json("resolve", `${repository}:1.0`))["manifest"]).toBe(before);
    expect(await wplug("push", "greeter2.wasm", `${repository}:1.0`, "--force")).toBe(0);
  });

  it("sign, and check signatures", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    folder.write("k.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    folder.write("k.pub", publicKey.export({ type: "spki", format: "pem" }).toString());
    await wplug("push", "greeter.wasm", `${repository}:1.0`, "--sign-key=k.pem");
    await wplug("push", "greeter2.wasm", `${repository}:2.0`);
    expect(await wplug("pull", `${repository}:1.0`, "--key=k.pub")).toBe(0);
    expect(await wplug("pull", `${repository}:2.0`, "--key=k.pub")).toBe(1);
    expect(complained).toContain("it has no signature");
    expect(await wplug("push", "greeter.wasm", `${repository}:3`, "--sign-key=k.pub")).toBe(1);
    expect(complained).toContain("k.pub is no private key");
  });

  it.each([
    ["--layout=tar", "--layout is wasm or module, not tar"],
    ["--annotation=x", "--annotation is KEY=VALUE, not x"],
  ])("refuse %s", async (option, message) => {
    expect(await wplug("push", "greeter.wasm", `${repository}:1.0`, option)).toBe(1);
    expect(complained).toContain(message);
  });
});

it("ends quietly when whoever reads what it prints has seen enough", async () => {
  const program = join(__dirname, "../../bin/wplug.cjs");
  // Built code, as users run it.
  const child = spawn(process.execPath, [program, "--help"], {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  await once(child, "close");
  expect(complaint).toBe("");
});

describe("wplug lock", () => {
  beforeEach(async () => {
    await wplug("push", "greeter.wasm", `${repository}:1.0`);
    folder.write("shop/wplug.json", {
      type: "host",
      contracts: ["greeter-contract"],
      plugins: [`${repository}:1.0`, "vendored/x.wasm"],
    });
    folder.write("shop/package.json", { name: "shop" });
    folder.write("node_modules/other/wplug.json", "not ours");
  });

  const locked = () =>
    JSON.parse(folder.read("wplug-lock.json")) as { plugins: Record<string, { manifest: string }> };

  it("pins what the projects name, and says with --frozen what is not", async () => {
    expect(await wplug("lock", "--frozen")).toBe(1);
    expect(printed).toContain(
      `${repository}:1.0 is not in ${folder.path}/wplug-lock.json: run wplug lock ${repository}:1.0\n`,
    );
    expect(existsSync(join(folder.path, "wplug-lock.json"))).toBe(false);
    expect(await wplug("lock")).toBe(0);
    expect(printed).toMatch(/^added {4}oci:\S+:1\.0 {2}sha256:\w+ {2}greeter\.v1\.Greeter 1\n$/);
    expect(Object.keys(locked().plugins)).toEqual([`${repository}:1.0`]);
    registry.requests.length = 0;
    expect(await wplug("lock", "--frozen")).toBe(0);
    expect(await wplug("lock")).toBe(0);
    expect(registry.requests).toEqual([]);
  });

  it("keeps what is pinned until --update, which shows the contract's versions", async () => {
    await wplug("lock");
    const before = locked().plugins[`${repository}:1.0`]?.manifest;
    await wplug("push", "greeter2.wasm", `${repository}:1.0`, "--force", "--version=1.0.1");
    await wplug("lock");
    expect(locked().plugins[`${repository}:1.0`]?.manifest).toBe(before);
    expect(await wplug("lock", "--update")).toBe(0);
    expect(printed).toMatch(
      /^updated {2}oci:\S+:1\.0 {2}sha256:\w{12} → sha256:\w{12} {2}1\.0\.1 {2}greeter\.v1\.Greeter 1 → 2: a new version of the contract\n$/,
    );
    expect(locked().plugins[`${repository}:1.0`]?.manifest).not.toBe(before);
  });

  it("says if a service of the contract is gone", async () => {
    await wplug("lock");
    writeFileSync(join(folder.path, "other.wasm"), greeterWasm(1, "greeter.v2.Greeter"));
    await wplug("push", "other.wasm", `${repository}:1.0`, "--force");
    await wplug("lock", "--update");
    expect(printed).toContain("greeter.v2.Greeter 1, greeter.v1.Greeter 1 is gone");
  });

  it("says if there is nothing to pin", async () => {
    folder.write("shop/wplug.json", { type: "host", contracts: ["greeter-contract"] });
    expect(await wplug("lock")).toBe(0);
    expect(printed).toMatch(
      /^nothing to pin: no wplug\.json below \S+ names plugins of registries/,
    );
    expect(existsSync(join(folder.path, "wplug-lock.json"))).toBe(false);
  });

  it("pins what is named, too", async () => {
    await wplug("push", "greeter2.wasm", `${repository}:2.0`);
    expect(await wplug("lock", `${repository}:2.0`)).toBe(0);
    expect(Object.keys(locked().plugins)).toEqual([`${repository}:1.0`, `${repository}:2.0`]);
    expect(await wplug("pull", `${repository}:2.0`, "--lockfile=wplug-lock.json")).toBe(0);
    expect(await wplug("lock", "ghcr.io/acme")).toBe(1);
    expect(await wplug("lock", "--update", "--frozen")).toBe(1);
  });

  it("takes out with --prune what neither a wplug.json nor an argument names", async () => {
    await wplug("push", "greeter2.wasm", `${repository}:2.0`);
    await wplug("push", "greeter2.wasm", `${repository}:3.0`);
    await wplug("lock", `${repository}:2.0`, `${repository}:3.0`);
    folder.write("shop/wplug.json", { type: "host", contracts: ["greeter-contract"] });
    await wplug("lock");
    expect(Object.keys(locked().plugins)).toHaveLength(3);
    registry.requests.length = 0;
    expect(await wplug("lock", "--prune", `${repository}:2.0`)).toBe(0);
    expect(printed).toMatch(
      /^removed {2}oci:\S+:1\.0 {2}sha256:\w+\nremoved {2}oci:\S+:3\.0 {2}\S+\nkept {5}oci:\S+:2\.0 {2}\S+\n$/,
    );
    expect(Object.keys(locked().plugins)).toEqual([`${repository}:2.0`]);
    expect(registry.requests).toEqual([]);
    expect(await wplug("lock", "--prune")).toBe(0);
    expect(locked().plugins).toEqual({});
    expect(await wplug("lock", "--prune", "--frozen")).toBe(1);
    expect(complained).toContain("--prune and --frozen exclude each other");
  });
});

describe("wplug copy, inspect and search", () => {
  it("copies to a folder and back", async () => {
    await wplug("push", "greeter.wasm", `${repository}:1.0`);
    const layout = join(folder.path, "layout");
    const { manifest } = await json("copy", `${repository}:1.0`, layout);
    expect(await wplug("copy", layout, `oci://${registry.host}/mirror/greeter:1.0`)).toBe(0);
    expect(printed).toContain(manifest);
  });

  it("inspects files and plugins of registries", async () => {
    await wplug("push", "greeter.wasm", `${repository}:1.0`);
    expect(await wplug("inspect", "greeter.wasm")).toBe(0);
    expect(printed).toContain("service    greeter.v1.Greeter 1");
    const remote = await json("inspect", `${repository}:1.0`);
    expect(remote["registry"]).toMatchObject({ contract: "greeter-contract" });
    expect(remote["name"]).toBe(`${repository}:1.0`);
    expect(await wplug("inspect", `${repository}:9`)).toBe(1);
    expect(complained).toContain("has no such plugin");
  });

  it("says which plugins of a contract load here", async () => {
    await wplug("push", "greeter.wasm", `${repository}:1.0`);
    await wplug("push", "greeter2.wasm", `${repository}:2.0`);
    const name = repository.slice("oci://".length);
    expect(await wplug("search", name)).toBe(0);
    expect(printed).not.toContain("load here");
    folder.write("nx.json", {});
    folder.write("contract/wplug.json", { type: "contract" });
    folder.write("contract/package.json", { name: "greeter-contract" });
    folder.write(
      "contract/proto/greeter.proto",
      'syntax = "proto3"; package greeter.v1;\n// go:plugin type=plugin version=1\nservice Greeter { rpc A(M) returns (M); }\nmessage M {}\n',
    );
    expect(await wplug("search", "--contract=greeter-contract", name)).toBe(0);
    expect(printed).toMatch(/^2\.0 .* does not load here: another version.*\n1\.0 .* loads here\n/);
    expect(await wplug("search", "--contract=other", name)).toBe(0);
    expect(printed).toContain("has no plugins of other");
  }, 30_000);
});

describe("wplug inspect", () => {
  const PROTO = `syntax = "proto3";

package greeter.v1;

// Greets people.
// go:plugin type=plugin version=1
service Greeter {
  // Says hello.
  rpc SayHello(Hello) returns (Hello);
}

// What plugins may ask.
// go:plugin type=host
service Web {
  // Gets a page.
  rpc HttpGet(Hello) returns (Hello);
}

message Hello {
  string text = 1; // Plain.
}
`;

  function describedWith(descriptors: Uint8Array): Uint8Array {
    return appendCustomSection(greeterWasm(1), "wplug.descriptors", descriptors);
  }

  const described = () =>
    describedWith(describeContract(compileInline({ "greeter/v1/greeter.proto": PROTO })));

  it("shows the contract with its comments, what the plugin is made of and may ask for", async () => {
    writeFileSync(join(folder.path, "described.wasm"), described());
    expect(await wplug("inspect", "described.wasm")).toBe(0);
    expect(printed).toMatch(
      /^made by {4}wplug\nservice {4}greeter\.v1\.Greeter 1\n {2}\/\/ Greets people\.\n/,
    );
    expect(printed).toContain(
      "  SayHello(greeter.v1.Hello) returns (greeter.v1.Hello): not in this plugin\n    // Says hello.\n",
    );
    expect(printed).toContain(
      "needs      no host functions\nWASI       none\nmay ask    for nothing",
    );
    expect(printed).toMatch(/size {7}\d+ bytes\n {13}wplug\.descriptors \d+\n/);
    const answer = await json("inspect", "described.wasm");
    expect(answer["contract"]).toMatchObject([
      { typeName: "greeter.v1.Greeter", type: "plugin", version: 1, comment: ["Greets people."] },
      { typeName: "greeter.v1.Web", methods: [{ name: "HttpGet", wasmName: "env.http_get" }] },
    ]);
    expect(answer).not.toHaveProperty("descriptors");
  });

  it("gives the proto back", async () => {
    writeFileSync(join(folder.path, "described.wasm"), described());
    expect(await wplug("inspect", "--proto", "described.wasm")).toBe(0);
    expect(printed).toContain("  string text = 1; // Plain.\n");
    const plain = printed;
    const { "greeter/v1/greeter.proto": text } = await json("inspect", "--proto", "described.wasm");
    expect(plain).toBe(text);
    const again = describeContract(compileInline({ "greeter/v1/greeter.proto": String(text) }));
    writeFileSync(join(folder.path, "again.wasm"), describedWith(again));
    expect(await json("inspect", "--proto", "again.wasm")).toEqual({
      "greeter/v1/greeter.proto": text,
    });
  });

  it("writes a page with the plugin in it, of any name", async () => {
    const name = "a<script>.wasm";
    writeFileSync(join(folder.path, name), described());
    expect(await wplug("inspect", "--html=sub/page.html", name)).toBe(0);
    expect(printed).toBe(`${join(folder.path, "sub/page.html")}\n`);
    const page = folder.read("sub/page.html");
    const [, start = ""] = /id="start">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(start)).toEqual({ name, wasm: Buffer.from(described()).toString("base64") });
    expect(start).not.toContain("<");
  });

  it("reads from a URL", async () => {
    const server = createServer((_, response) => response.end(described())).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await wplug("inspect", `http://127.0.0.1:${port}/greeter.wasm`)).toBe(0);
    expect(printed).toContain("// Says hello.");
    server.close();
  });

  it("shows what there is of a module that is no plugin of wplug", async () => {
    const empty = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    // https://webassembly.github.io/spec/core/binary/modules.html#export-section
    const memory = [5, 3, 1, 0, 1, 7, 10, 1, 6, ...Buffer.from("memory"), 2, 0];
    writeFileSync(join(folder.path, "empty.wasm"), empty);
    writeFileSync(join(folder.path, "memory.wasm"), Buffer.from([...empty, ...memory]));
    expect(await wplug("inspect", "empty.wasm")).toBe(0);
    expect(printed).toContain("made by    unknown tools\nservice    none: it exports nothing\n");
    expect(await wplug("inspect", "memory.wasm")).toBe(0);
    expect(printed).toContain("service    none: it exports memory\n");
    expect(printed).toContain("memory     65536 bytes at first");
    expect(await wplug("inspect", "--proto", "empty.wasm")).toBe(1);
    expect(complained).toContain("empty.wasm does not tell its contract: wplug did not build it");
  });

  it.each<[string, () => Uint8Array, string]>([
    ["is no wasm", () => Buffer.from("#!/bin/sh"), "is not a WebAssembly module: it begins with"],
    ["is cut off", () => greeterWasm(1).subarray(0, 40), "is not a valid WebAssembly module"],
    ["has no descriptors in its section", () => describedWith(Buffer.from("nope")), "invalid"],
    [
      "has half of its descriptors",
      () => describedWith(deflateRawSync(Buffer.from([10, 100, 10]))),
      "can't be read: ",
    ],
    [
      "has descriptors that fill the memory",
      () => describedWith(deflateRawSync(Buffer.alloc((16 << 20) + 1))),
      "can't be read: it has more than 16777216 bytes",
    ],
  ])("says so of a file that %s", async (_, bytes, message) => {
    writeFileSync(join(folder.path, "bad.wasm"), bytes());
    expect(await wplug("inspect", "bad.wasm")).toBe(1);
    expect(complained).toContain(message);
    expect(complained.split("\n")).toHaveLength(2);
  });

  it("does not read a file that is too large", async () => {
    writeFileSync(join(folder.path, "large.wasm"), "");
    truncateSync(join(folder.path, "large.wasm"), 2 ** 33);
    expect(await wplug("inspect", "large.wasm")).toBe(1);
    expect(complained).toContain("has 8589934592 bytes: no plugin has more than 536870912");
  });
});
