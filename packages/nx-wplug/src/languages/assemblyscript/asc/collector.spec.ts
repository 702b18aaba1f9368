import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type WasmModule, WebAssembly } from "../../../wasm/web-assembly";
import { COLLECTOR_SOURCE } from "./compile-plugin";
import { runAsc } from "./run-asc";

jest.setTimeout(60_000);

const RUNTIME = join(__dirname, "../../../../../runtime");
const SOURCE = readFileSync(join(RUNTIME, "assembly-tests/collector.ts"), "utf8");

type Program = Record<string, (...parameters: number[]) => number>;

async function compile(runtime: string, ...options: string[]): Promise<WasmModule> {
  const { binary, diagnostics, failure } = await runAsc({
    arguments: [
      "collector.ts",
      ...["--baseDir", RUNTIME, "--config", "none.json", "--runtime", runtime, "--exportStart"],
      ...["_initialize", "--use", "abort=", "-O2", "--outFile", "collector.wasm", ...options],
    ],
    baseDir: RUNTIME,
    virtualFiles: { "none.json": "{}", "ours.ts": COLLECTOR_SOURCE, "collector.ts": SOURCE },
    packages: [["@wplug/runtime/assembly", join(RUNTIME, "assembly")]],
  });
  expect({ diagnostics: diagnostics.map(({ message }) => message), failure }).toEqual({
    diagnostics: [],
    failure: undefined,
  });
  return new WebAssembly.Module(binary!);
}

function start(module: WasmModule): { program: Program; pages: () => number } {
  const { exports } = new WebAssembly.Instance(module, {});
  const program = exports as unknown as Program;
  program["_initialize"]!();
  const memory = exports["memory"] as { readonly buffer: ArrayBuffer };
  return { program, pages: () => memory.buffer.byteLength / 65536 };
}

describe("the garbage collector of plugins", () => {
  let ours: WasmModule;

  beforeAll(async () => {
    ours = await compile("ours");
  });

  it("keeps what is in use, as asc's own does", async () => {
    const { program: expected } = start(await compile("incremental"));
    const { program, pages } = start(ours);
    for (let seed = 1; seed <= 5; seed++) {
      expect(program["churn"]!(seed, 20_000)).toBe(expected["churn"]!(seed, 20_000));
    }
    expect(pages()).toBeLessThan(80);
  });

  it("keeps it also when it collects before every new object", async () => {
    const { program: expected } = start(ours);
    const { program } = start(await compile("ours", "--use", "WPLUG_GC_STRESS=1"));
    for (let seed = 1; seed <= 3; seed++) {
      expect(program["churn"]!(seed, 400)).toBe(expected["churn"]!(seed, 400));
    }
    expect(program["literal"]!()).toBe(2);
    expect(program["pins"]!()).toBe(40);
    expect(program["grow"]!()).toBe(expected["grow"]!());
  });

  it("looks at a million objects, each inside of another, without a deep stack", () => {
    expect(start(ours).program["list"]!(1_000_000)).toBe(1_000_000);
  });

  it.each([
    ["small", 5_000_000, 8, 2],
    ["of several lines", 1_000_000, 700, 2],
    ["large", 20_000, 10_000, 7],
    ["huge", 300, 3_000_000, 200],
  ])("uses memory again: garbage that is %s", (_, count, size, atMost) => {
    const { program, pages } = start(ours);
    expect(program["garbage"]!(count, size)).toBe(size);
    expect(pages()).toBeLessThanOrEqual(atMost);
  });

  it("puts new objects between those that live, and gives the memory back when they don't", () => {
    const { program, pages } = start(ours);
    for (let i = 0; i < 5; i++) expect(program["fragment"]!(1_000_000)).toBe(10_000);
    // 10,000 objects of 64 bytes, none in a line with another, and as much again for new ones.
    expect(pages()).toBeLessThan(130);
    program["release"]!();
    const before = pages();
    expect(program["garbage"]!(10, 1_000_000)).toBe(1_000_000);
    expect(pages()).toBe(before);
  });

  it("keeps what a literal of the compiler refers to", () => {
    expect(start(ours).program["literal"]!()).toBe(2);
  });

  it("keeps what is pinned, once", () => {
    const { program } = start(ours);
    for (let i = 0; i < 3; i++) expect(program["pins"]!()).toBe(40);
    expect(() => program["twice"]!()).toThrow("unreachable");
  });

  it("gives zeroed memory also to an object that grows", () => {
    expect(start(ours).program["grow"]!()).toBeGreaterThan(15);
  });

  it("refuses an object that no memory can hold", () => {
    expect(() => start(ours).program["tooLarge"]!()).toThrow("unreachable");
  });
});
