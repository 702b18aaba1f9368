import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import type { LoadOptions } from "@wplug/runtime";
import { flushChanges } from "nx/src/generators/tree";

import { readContract } from "../../contract/read-contract";
import { buildExecutor } from "../../executors/build/executor";
import { generateExecutor } from "../../executors/generate/executor";
import { pluginGenerator } from "../../generators/plugin/generator";
import { emitHostSdk } from "../../host-sdk";
import { loadGenerated } from "../../testing/load-generated";
import { TemporaryFolder } from "../../testing/temporary-folder";
import { WebAssembly } from "../../wasm/web-assembly";
import { newCargoLock } from "./cargo-lock";
import { whyNoRust } from "./testing/has-rust";

interface GreeterSdk {
  readonly GreeterPlugin: {
    load(
      path: string,
      options?: LoadOptions,
    ): Promise<{
      sayHello(request: { name: string }): Promise<{ readonly message: string }>;
      dispose(): Promise<void>;
    }>;
  };
}

const PLUGIN = "ferris-plugin";
const CONTRACT = "ferris-contract";

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const why = whyNoRust();
if (why !== undefined) {
  it(`plugins in Rust: not run, ${why}`, () => {
    expect(why).toBeDefined();
  });
}

(why === undefined ? describe : () => {})("a new plugin in Rust", () => {
  let folder: TemporaryFolder;
  let cargoTarget: TemporaryFolder;
  let printed: string;
  const { CARGO_TARGET_DIR } = process.env;

  beforeAll(async () => {
    // Dependencies are compiled once.
    cargoTarget = new TemporaryFolder();
    process.env["CARGO_TARGET_DIR"] = CARGO_TARGET_DIR ?? cargoTarget.path;
    // With a file, as Nx waits for the first one of a workspace that it has never seen.
    folder = new TemporaryFolder({ "nx.json": {} });
    const tree = createTreeWithEmptyWorkspace();
    tree.root = folder.path;
    tree.write("package.json", JSON.stringify({ name: "@acme/source" }));
    tree.write("tsconfig.base.json", JSON.stringify({ compilerOptions: { paths: {} } }));
    await pluginGenerator(tree, { name: "ferris", language: "rust", skipFormat: true });
    flushChanges(tree.root, tree.listChanges());
  });

  beforeEach(() => {
    printed = "";
    for (const method of ["log", "warn", "error"] as const) {
      jest
        .spyOn(console, method)
        .mockImplementation((...texts: unknown[]) => void (printed += texts.join(" ")));
    }
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(() => {
    if (CARGO_TARGET_DIR === undefined) delete process.env["CARGO_TARGET_DIR"];
    cargoTarget.remove();
    folder.remove();
  });

  const run = (
    executor: (
      options: Record<string, never>,
      context: ExecutorContext,
    ) => Promise<{ success: boolean }>,
  ) =>
    executor({}, {
      root: folder.path,
      projectName: PLUGIN,
      projectsConfigurations: {
        version: 2,
        projects: { [PLUGIN]: { root: PLUGIN }, [CONTRACT]: { root: CONTRACT } },
      },
    } as unknown as ExecutorContext);

  const build = async () => {
    printed = "";
    const { success } = await run(buildExecutor);
    return { success, printed };
  };

  const sizeOfModule = () => statSync(join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`)).size;

  const greet = async (name: string, options?: LoadOptions) => {
    const contract = await readContract(join(folder.path, CONTRACT, "proto"));
    const { GreeterPlugin } = await loadGenerated<GreeterSdk>(emitHostSdk(contract), "host.ts");
    const plugin = await GreeterPlugin.load(
      join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`),
      options,
    );
    try {
      return (await plugin.sayHello({ name })).message;
    } finally {
      await plugin.dispose();
    }
  };

  it("is generated, built and called", async () => {
    expect(await run(generateExecutor)).toEqual({ success: true });
    expect(await build()).toEqual({
      success: true,
      printed: expect.stringMatching(
        /^ferris-plugin.dist.ferris-plugin\.wasm {2}\d+ bytes, \d+ of them describe the contract$/,
      ) as string,
    });
    expect(sizeOfModule()).toBeLessThanOrEqual(40_000);
    // Otherwise the next build would not find this one's result.
    expect(folder.read(`${PLUGIN}/Cargo.lock`)).toBe(newCargoLock(PLUGIN));
    expect(await greet("Ada")).toBe("Hello, Ada");
  }, 300_000);

  it("is the same, byte for byte, from another folder", async () => {
    const wasm = `${PLUGIN}/dist/${PLUGIN}.wasm`;
    const here = readFileSync(join(folder.path, wasm));
    const first = folder;
    const other = new TemporaryFolder();
    try {
      cpSync(first.path, other.path, {
        recursive: true,
        filter: (path) => !/[\\/](target|dist)$/.test(path),
      });
      folder = other;
      expect((await build()).success).toBe(true);
      expect(sha256(readFileSync(join(other.path, wasm)))).toBe(sha256(here));
      expect(here.includes(homedir())).toBe(false);
    } finally {
      other.remove();
      folder = first;
    }
  }, 300_000);

  it("passes on the text of an error, and of a panic with its place; what was printed is flushed", async () => {
    const source = `${PLUGIN}/src/lib.rs`;
    const greeting = folder.read(source);
    const body = `match request.name.as_str() {
            "" => Err("a name is needed".into()),
            "number" => Err(Error::from("x".parse::<i32>().unwrap_err())),
            "panic" => panic!("no such Ada"),
            name => {
                print!("greeting {name}");
                Ok(v1::GreetReply { message: name.into() })
            }
        }`;
    folder.write(
      source,
      greeting.replace(/Ok\(v1::GreetReply \{[^]*?\}\)/, () => body),
    );
    expect(await build()).toMatchObject({ success: true });
    const chunks: string[] = [];
    expect(await greet("Ada", { stdout: (chunk) => void chunks.push(String(chunk)) })).toBe("Ada");
    expect(chunks.join("")).toContain("greeting Ada");
    await expect(greet("")).rejects.toThrow("a name is needed");
    await expect(greet("number")).rejects.toThrow("invalid digit found in string");
    const errors: string[] = [];
    const stderr = (text: string) => void errors.push(text);
    await expect(greet("panic", { stderr })).rejects.toThrow(/src\/lib\.rs:\d+:\d+:\nno such Ada/);
    // Hosts of go-plugin have nothing else.
    expect(errors.join("")).toMatch(/src\/lib\.rs:\d+:\d+:\nno such Ada\n$/);
    folder.write(source, greeting);
  }, 300_000);

  it("is smaller, and imports nothing, without an operating system", async () => {
    const manifest = `${PLUGIN}/Cargo.toml`;
    const wasip1 = folder.read(manifest);
    const source = `${PLUGIN}/src/lib.rs`;
    const greeting = folder.read(source);
    folder.write(
      manifest,
      wasip1.replace('target = "wasm32-wasip1"', 'target = "wasm32-unknown-unknown"'),
    );
    try {
      const { success, printed: text } = await build();
      const missing =
        'Rust can\'t compile for wasm32-unknown-unknown yet, which plugins need: run "rustup target add wasm32-unknown-unknown".';
      if (!success) return expect(text).toBe(missing);
      const bytes = readFileSync(join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`));
      expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
      expect(sizeOfModule()).toBeLessThanOrEqual(20_000);
      const long = "Ada".repeat(1_000_000);
      expect(await greet(long)).toBe(`Hello, ${long}`);
    } finally {
      folder.write(source, greeting);
      folder.write(manifest, wasip1);
    }
  }, 300_000);

  it("does without the allocator of the SDK, and takes an implementation of any name", async () => {
    const source = `${PLUGIN}/src/lib.rs`;
    const greeting = folder.read(source);
    folder.write(
      source,
      greeting
        .replace(/^\/\/ Fast[^]+?\n\n/m, "")
        .replace("{Allocator, Error}", "Error")
        .replace(/struct \w+;/, "struct Service(u8);\n\nfn make() -> Service {\n    Service(7)\n}")
        .replace(/!\(\w+\);/, "!(make());")
        .replace(/for \w+ \{/, "for Service {")
        .replace('"Hello, {}", request.name', '"Hello, {} {}", request.name, self.0'),
    );
    expect(await build()).toEqual({
      success: true,
      printed: expect.stringContaining("bytes") as string,
    });
    expect(await greet("Ada")).toBe("Hello, Ada 7");
    folder.write(source, greeting);
  }, 300_000);

  it("takes the options for rustc of .cargo/config.toml, and none of this machine's folders", async () => {
    const config = `${PLUGIN}/.cargo/config.toml`;
    const source = `${PLUGIN}/src/lib.rs`;
    const greeting = folder.read(source);
    const asks = (name: string) =>
      `#[cfg(not(${name}))]\ncompile_error!("${name} is not there");\n`;
    const flags = (name: string) => `rustflags = ["--cfg", "${name}"]\n`;
    const buildWith = async (text: string, ...names: string[]) => {
      folder.write(config, text);
      folder.write(source, greeting + names.map(asks).join(""));
      expect((await build()).printed).toContain("bytes");
      const bytes = readFileSync(join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`));
      expect(bytes.includes(homedir())).toBe(false);
    };
    try {
      await buildWith(`[build]\n${flags("all")}`, "all");
      await buildWith(
        `[build]\n${flags("all")}[target.'cfg(target_os = "linux")']\n${flags("linux")}`,
        "all",
      );
      await buildWith(
        `[target.wasm32-wasip1]\n${flags("wasip1")}[target.'cfg(target_family = "wasm")']\n${flags("wasm")}[build]\n${flags("all")}`,
        "wasip1",
        "wasm",
      );
      process.env["RUSTFLAGS"] = "--cfg env";
      await buildWith(`[build]\n${flags("all")}`, "env");
      delete process.env["RUSTFLAGS"];
      // The linker could not make it small.
      await buildWith("[profile.release]\nstrip = false\n");
      folder.write(config, "[build\n");
      expect((await build()).printed).toMatch(/config\.toml/);
    } finally {
      delete process.env["RUSTFLAGS"];
      rmSync(join(folder.path, PLUGIN, ".cargo"), { recursive: true });
      folder.write(source, greeting);
    }
  }, 300_000);

  it("is refused where it would call JavaScript, with what does that", async () => {
    const source = `${PLUGIN}/src/lib.rs`;
    const greeting = folder.read(source);
    folder.write(
      source,
      `${greeting}
#[link(wasm_import_module = "__wbindgen_placeholder__")]
unsafe extern "C" {
    fn now() -> f64;
}

#[no_mangle]
extern "C" fn clock() -> f64 {
    unsafe { now() }
}
`,
    );
    const { success, printed: text } = await build();
    expect(success).toBe(false);
    expect(text).toMatch(
      /^A crate that .* by wasm-bindgen, .*"wasm_js" of getrandom.* names them\.$/,
    );
    folder.write(source, greeting);
  }, 300_000);

  it("keeps the names of functions where Cargo.toml does not strip them", async () => {
    const manifest = `${PLUGIN}/Cargo.toml`;
    const stripped = folder.read(manifest);
    folder.write(manifest, stripped.replace("strip = true", "strip = false"));
    try {
      expect(await build()).toMatchObject({ success: true });
      const bytes = readFileSync(join(folder.path, PLUGIN, "dist", `${PLUGIN}.wasm`));
      const module = new WebAssembly.Module(bytes);
      expect(WebAssembly.Module.customSections(module, "name")).toHaveLength(1);
    } finally {
      folder.write(manifest, stripped);
    }
  }, 300_000);

  it("says what is wrong with the author's source, and with Cargo.toml, in a sentence", async () => {
    const source = `${PLUGIN}/src/lib.rs`;
    const greeting = folder.read(source);
    folder.write(source, `${greeting}\nfn nope() -> i32 { "a text" }\n`);
    const { success, printed: text } = await build();
    expect(success).toBe(false);
    expect(text).toMatch(/--> ferris-plugin\/src\/lib\.rs:\d+:\d+\n/);
    expect(text).toContain("mismatched types");
    folder.write(source, greeting);

    const manifest = `${PLUGIN}/Cargo.toml`;
    const whole = folder.read(manifest);
    folder.write(manifest, whole.replace("wasm32-wasip1", "wasm64"));
    expect((await build()).printed).toMatch(
      /^"target" of \[package\.metadata\.wplug\] in .*Cargo\.toml must be one of "wasm32-wasip1", "wasm32-unknown-unknown", not "wasm64"\.$/,
    );
    folder.write(manifest, whole.replace('crate-type = ["cdylib"]', ""));
    expect((await build()).printed).toMatch(/needs \[lib\] with crate-type = \["cdylib"\]\.$/);
    rmSync(join(folder.path, manifest));
    expect((await build()).printed).toMatch(
      /^There is no .*Cargo\.toml: a plugin in Rust is a Cargo/,
    );
    folder.write(manifest, whole);

    const path = process.env["PATH"];
    process.env["PATH"] = folder.path;
    try {
      expect((await build()).printed).toBe(
        'There is no "cargo" on the PATH, which plugins with "language": "rust" need: install Rust from https://rustup.rs.',
      );
    } finally {
      process.env["PATH"] = path;
    }
  }, 300_000);
});
