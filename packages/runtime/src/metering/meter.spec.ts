import { PluginLoadError } from "../errors/plugin-errors.js";
import { wasmApi } from "../module/wasm-api.js";
import { MeteredInstance, watOfToday } from "../testing/metered.js";
import { randomNumbers } from "../testing/random-program.js";
import { concat, customSection } from "../testing/wat.js";
import { UNPAID_MOST } from "./cost.js";
import { meteredOffsets, meterModule } from "./meter.js";

const ENOUGH = 1e9;
/** Units after which what does not end is stopped here, and how much more may pass until then. */
const BUDGET = 5_000_000;
const OVERRUN = 500_000;

const isValid = (module: Uint8Array): boolean => {
  try {
    new (wasmApi().Module)(module);
    return true;
  } catch {
    return false;
  }
};

/** The names of the custom sections among them, and what they hold. */
function customSections(module: Uint8Array, name: string): number {
  const { Module } = wasmApi();
  return Module.customSections(new Module(module), name).length;
}

describe("what does not end", () => {
  const FILL = `(memory.fill (i32.const 0) (i32.const 1) (i32.const 6553600))`;
  const TREE = `(func $tree (param i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $tree (i32.sub (local.get 0) (i32.const 1))) (call $tree (i32.sub (local.get 0) (i32.const 2)))))))`;
  const endless: Record<string, string> = {
    "an empty loop": `(func (export "f") (loop $l (br $l)))`,
    "a loop that goes back by a table": `(func (export "f") (loop $l (br_table $l $l (i32.const 5))))`,
    "a loop in a loop that is left at once": `(func (export "f") (loop $l (loop $m (br_if $l (i32.const 1))) (br $l)))`,
    "a loop with a block that is left for the outer loop": `(func (export "f") (local i32)
      (loop $l (block $b (loop $m (br_if $b (i32.and (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 7))) (br $m))) (br $l)))`,
    "a loop that is left by return": `(func $once (loop $l (return))) (func (export "f") (loop $l (call $once) (br $l)))`,
    "a loop of calls that do nothing": `(func $nothing) (func (export "f") (loop $l (call $nothing) (br $l)))`,
    "a tail call of itself": `(func $f (export "f") (return_call $f))`,
    "tail calls of two that call each other": `(func $a (export "f") (return_call $b)) (func $b (return_call $a))`,
    "a tail call by a table": `(table 1 funcref) (elem (i32.const 0) $f) (type $t (func)) (func $f (export "f") (return_call_indirect (type $t) (i32.const 0)))`,
    "a tree of calls": `${TREE} (func (export "f") (result i32) (call $tree (i32.const 60)))`,
    "a tree of calls through a table": `(table 1 funcref) (elem (i32.const 0) $tree) (type $t (func (param i32)))
      (func $tree (param i32) (if (local.get 0) (then
        (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
        (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))
      (func (export "f") (call $tree (i32.const 60)))`,
    "a tree of calls through the host": `(import "h" "again" (func $again (param i32)))
      (func (export "g") (param i32) (if (local.get 0) (then
        (call $again (i32.sub (local.get 0) (i32.const 1))) (call $again (i32.sub (local.get 0) (i32.const 1))))))
      (func (export "f") (call $again (i32.const 60)))`,
    "a chain of functions that each call the next one many times": `${Array.from(
      { length: 12 },
      (_, i) => `(func $c${i} ${`(call $c${i + 1})`.repeat(40)})`,
    ).join(" ")} (func $c12 nop) (func (export "f") (call $c0))`,
    "catch_all around an endless loop, for ever": `(func $w (loop $l (br $l))) (func (export "f") (loop $l (try (do (call $w)) (catch_all)) (br $l)))`,
    "catch_all around a trap of the limit, in a chain": `(func $w (loop $l (br $l)))
      (func $v (try (do (call $w)) (catch_all (call $w)))) (func (export "f") (try (do (call $v)) (catch_all (call $v))))`,
    "exceptions that are thrown and caught for ever": `(tag $e) (func $t (throw $e)) (func (export "f") (loop $l (try (do (call $t)) (catch $e)) (br $l)))`,
  };
  const bulk: Record<string, string> = {
    "memory.fill without end": `(memory 100) (func (export "f") ${FILL.repeat(2000)})`,
    "memory.copy without end": `(memory 100) (func (export "f") ${FILL.replace("fill", "copy").replace("6553600", "6553599").repeat(2000)})`,
    "memory.init without end": `(memory 100) (data $d "${"x".repeat(60000)}") (func (export "f") ${`(memory.init $d (i32.const 0) (i32.const 0) (i32.const 60000))`.repeat(6000)})`,
    "table.fill without end": `(table $t 100000 externref) (func (export "f") ${`(table.fill $t (i32.const 0) (ref.null extern) (i32.const 100000))`.repeat(5000)})`,
    "table.copy without end": `(table $t 100000 externref) (func (export "f") ${`(table.copy $t $t (i32.const 0) (i32.const 0) (i32.const 100000))`.repeat(5000)})`,
    "memory.grow without end": `(memory 1) (func (export "f") ${`(drop (memory.grow (i32.const -1)))`.repeat(10000)})`,
  };

  const cases = [
    ...Object.entries(endless).map(([name, text]) => [name, text, OVERRUN] as const),
    // These pay for all that they do at once, and do all of it.
    ...Object.entries(bulk).map(([name, text]) => [name, text, 1 << 29] as const),
  ];

  it.each(cases)("is stopped: %s", async (_, text, overrun) => {
    const imports = {
      h: {
        again: (depth: number) => {
          instance.exports["g"]!(depth);
        },
      },
    };
    const instance = new MeteredInstance(await watOfToday(`(module ${text})`), imports);
    expect(() => instance.run(BUDGET, "f")).toThrow(/unreachable/i);
    expect(instance.rest).toBeGreaterThan(-overrun);
    // The end stays the end.
    expect(() => instance.run(0, "f")).toThrow(/unreachable/i);
  });

  it("is stopped in the start function, which the host calls", async () => {
    const module = await watOfToday(`(module (func $s (loop $l (br $l))) (start $s))`);
    expect(() => new MeteredInstance(module).run(BUDGET)).toThrow(/unreachable/i);
  });

  it("is stopped by the engine if it fills the stack", async () => {
    const text = `(module (func $f (export "f") (call $f) (call $f)))`;
    const instance = new MeteredInstance(await watOfToday(text));
    expect(() => instance.run(ENOUGH, "f")).toThrow(RangeError);
  });

  it("can't fall so far below 0 that the number becomes positive", async () => {
    // Each of the loops owes almost as much as a loop may when it ends.
    const loop = `(local.set 0 (i32.const 1600)) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))`;
    const text = `(module (func $many (local i32) ${loop.repeat(2000)})
      (func $few (local i32) ${loop.repeat(3)}) (func (export "few") ${"(call $few)".repeat(2000)}) (export "many" (func $many)))`;
    const module = await watOfToday(text);
    for (const name of ["many", "few"]) {
      const instance = new MeteredInstance(module);
      instance.run(ENOUGH, name);
      expect(instance.asked.length).toBeGreaterThan(5);
      expect(Math.min(...instance.asked)).toBeGreaterThan(-OVERRUN);
      expect(ENOUGH - instance.rest).toBeGreaterThanOrEqual(2000 * 1600 * 5);
    }
  });
});

describe("fuel", () => {
  it("runs out before anything has run, unless the host gives some", async () => {
    const text = `(module (func $s (loop $l (br $l))) (start $s) (func (export "f") (loop $l (br $l))))`;
    const { Instance, Module } = wasmApi();
    const module = new Module(meterModule("it", await watOfToday(text)));
    const { exports } = new Instance(module, {});
    expect(() => (exports["f"] as () => void)()).toThrow(wasmErrors().RuntimeError);
  });

  it("is none at first", async () => {
    const { Instance, Module } = wasmApi();
    const { exports } = new Instance(
      new Module(meterModule("it", await watOfToday("(module)"))),
      {},
    );
    expect((exports["wplug_fuel"] as { value: number }).value).toBe(0);
  });

  it("is the same number in every engine", async () => {
    const text = `(module (memory 1)
      (func $leaf (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
      (func $tree (param i32) (result i32)
        (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (call $leaf (local.get 0)))
          (else (i32.add (call $tree (i32.sub (local.get 0) (i32.const 1))) (call $tree (i32.sub (local.get 0) (i32.const 2)))))))
      (func (export "tree") (param i32) (result i32) (call $tree (local.get 0)))
      (func (export "count") (param i32) (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
      (func (export "twice") (param i32 i32)
        (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (loop $m (br_if $m (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))))
      (tag $e) (func (export "throw") (try (do (throw $e)) (catch $e)))
      (func (export "grow") (drop (memory.grow (i32.const 1))))
      (func (export "nothing"))
      (func (export "fill") (memory.fill (i32.const 0) (i32.const 0) (i32.const 6400))))`;
    const module = await watOfToday(text);
    const used = (name: string, ...parameters: number[]): number => {
      const instance = new MeteredInstance(module);
      instance.run(ENOUGH, name, ...parameters);
      return ENOUGH - instance.rest;
    };
    expect(used("nothing")).toBe(0);
    expect(used("fill")).toBe(800);
    // Five instructions a turn.
    expect(used("count", 1)).toBe(5);
    expect(used("count", 1_000_000)).toBe(5_000_000);
    expect(used("tree", 20)).toBe(339_295);
    expect(used("tree", 20)).toBe(339_295);
    // Each loop once.
    expect(used("twice", 1000, 500)).toBe(5 * 1500);
    expect(used("throw")).toBe(4096);
    expect(used("grow")).toBeGreaterThan(20_000);
  });

  describe("is paid for all turns of a loop, and once, however it is left:", () => {
    const TURNS = 500;
    const turn = `(local.tee 0 (i32.add (local.get 0) (i32.const 1)))`;
    const isLast = `(i32.ge_u ${turn} (i32.const ${TURNS}))`;
    const nops = "(nop)".repeat(12);
    /** What a turn costs, and more than the code around. */
    const [TURN, AROUND] = [19, 100];
    it.each<[string, string]>([
      ["at its end", `(loop $l ${nops} (br_if $l (i32.lt_u ${turn} (i32.const ${TURNS}))) (nop))`],
      ["by a branch", `(block $b (loop $l ${nops} (if ${isLast} (then (br $b))) (br $l)))`],
      ["by a condition", `(block $b (loop $l ${nops} (br_if $b ${isLast}) (br $l)))`],
      [
        "by a condition that takes a number",
        `(drop (block $b (result i32) (loop $l (result i32) ${nops} (drop (br_if $b (i32.const 5) ${isLast})) (br $l))))`,
      ],
      ["by a table", `(block $b (loop $l ${nops} (br_table $l $b ${isLast}) ))`],
      [
        "for two blocks by a table",
        `(block $c (block $b (loop $l ${nops} (br_table $l $b $c ${isLast}))))`,
      ],
      ["by return", `(loop $l ${nops} (if ${isLast} (then (return))) (br $l))`],
      [
        "for the end of the function by a branch",
        `(block (loop $l ${nops} (if ${isLast} (then (br 3))) (br $l)))`,
      ],
      [
        "for the end of the function by a condition",
        `(loop $l ${nops} (br_if 1 ${isLast}) (br $l))`,
      ],
      ["for the end of the function by a table", `(loop $l ${nops} (br_table 0 1 ${isLast}))`],
      [
        "for a loop around by a condition",
        `(loop $m (if (i32.ge_u (local.get 0) (i32.const ${TURNS})) (then (return))) (loop $l ${nops} (br_if $m ${isLast}) (br $l)))`,
      ],
      [
        "for a loop around by a table",
        `(loop $m (if (i32.ge_u (local.get 0) (i32.const ${TURNS})) (then (return))) (loop $l ${nops} (br_table $l $m ${isLast})))`,
      ],
      [
        "for a loop around by a branch",
        `(loop $m (if (i32.ge_u (local.get 0) (i32.const ${TURNS})) (then (return))) (loop $l ${nops} (if ${isLast} (then (br $m))) (br $l)))`,
      ],
      [
        "by an exception of its own",
        `(try (do (loop $l ${nops} (if ${isLast} (then (throw $e))) (br $l))) (catch $e))`,
      ],
      [
        "by an exception of what it calls",
        `(try (do (loop $l ${nops.slice(15)} (call $throws ${isLast}) (br $l))) (catch $e))`,
      ],
      [
        "by an exception out of the function",
        `(loop $l ${nops.slice(15)} (call $throws ${isLast}) (br $l))`,
      ],
    ])("%s", async (how, loop) => {
      const text = `(module (tag $e) (func $throws (param i32) (if (local.get 0) (then (throw $e))))
        (func $g (local i32) ${loop})
        (func (export "f") (param i32)
          (loop $l (try (do (call $g)) (catch $e)) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
      const module = await watOfToday(text);
      const used = (calls: number): number => {
        const instance = new MeteredInstance(module);
        instance.run(ENOUGH, "f", calls);
        return ENOUGH - instance.rest;
      };
      const one = (used(101) - used(1)) / 100;
      const exception = how.includes("exception") ? 4096 : 0;
      expect(one).toBeGreaterThanOrEqual(TURNS * TURN - AROUND + exception);
      expect(one).toBeLessThanOrEqual(TURNS * (TURN + 4) + AROUND + exception);
    });
  });

  it.each<[string, number, string]>([
    [
      "the second branch, if the first one is long",
      400,
      `(func (export "f") (if (i32.const 0) (then ${"(nop)".repeat(2000)}) (else ${"(nop)".repeat(400)})))`,
    ],
    [
      "what comes after a block that is long",
      400,
      `(func (export "f") (block $b (br_if $b (i32.const 1)) ${"(nop)".repeat(2000)}) ${"(nop)".repeat(400)})`,
    ],
    [
      "a handler, if what it is for is long",
      400,
      `(tag $e) (func (export "f") (try (do (throw $e) ${"(nop)".repeat(2000)}) (catch $e ${"(nop)".repeat(400)})))`,
    ],
    [
      "calls in the second branch",
      1 << 19,
      `(func $f (param i32) (if (i32.gt_s (local.get 0) (i32.const 100)) (then (call $f (local.get 0)))
        (else (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 1))))))))
       (func (export "f") (call $f (i32.const 18)))`,
    ],
    [
      "calls after a block with a call",
      1 << 19,
      `(func $f (param i32) (block $b (br_if $b (i32.le_s (local.get 0) (i32.const 100))) (call $f (local.get 0)))
        (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 1))))))
       (func (export "f") (call $f (i32.const 18)))`,
    ],
    [
      "what many callees do before they check",
      64 * 60,
      `(func $leaf ${"(nop)".repeat(60)}) (func $f ${"(call $leaf)".repeat(64)}) (func (export "f") (call $f))`,
    ],
    [
      "what functions in a table do before they check",
      64 * 60,
      `(type $t (func)) (table 1 funcref) (elem (i32.const 0) $leaf) (func $leaf ${"(nop)".repeat(60)})
       (func (export "f") ${"(call_indirect (type $t) (i32.const 0))".repeat(64)})`,
    ],
  ])("is paid for %s", async (_, least, text) => {
    const instance = new MeteredInstance(await watOfToday(`(module ${text})`));
    instance.run(ENOUGH, "f");
    expect(ENOUGH - instance.rest).toBeGreaterThanOrEqual(least);
  });

  it("of bulk instructions on 64-bit memories is by length, where the engine has them", async () => {
    const fill = (size: string): string =>
      `(memory.fill (i64.const 0) (i32.const 1) (i64.const ${size}))`;
    const text = `(module (memory i64 1) (func (export "f") ${fill("6400")}) (func (export "g") ${fill("0x100000000")}))`;
    const module = await watOfToday(text);
    if (!isValid(module)) return;
    const instance = new MeteredInstance(module);
    instance.run(ENOUGH, "f");
    expect(ENOUGH - instance.rest).toBe(800);
    expect(() => instance.run(ENOUGH, "g")).toThrow("out of bounds");
    expect(ENOUGH - instance.rest).toBe(1 << 29);
  });

  it("of what is too cheap for a check is paid by who calls it", async () => {
    const leaf = `(func $leaf ${"(nop)".repeat(UNPAID_MOST - 1)})`;
    const call = `(func (export "f") (loop $l (call $leaf)))`;
    const used = async (text: string): Promise<number> => {
      const instance = new MeteredInstance(await watOfToday(`(module ${text})`));
      instance.run(ENOUGH, "f");
      return ENOUGH - instance.rest;
    };
    expect(await used(`${leaf} ${call}`)).toBe(1 + UNPAID_MOST - 1);
    // And of one that is not, by itself.
    expect(await used(`${leaf.replace("(nop)", "(nop)(nop)(nop)")} ${call}`)).toBe(
      1 + UNPAID_MOST + 1,
    );
  });

  it("that comes from a check may be a little at a time", async () => {
    const text = `(module (func (export "f") (param i32) (result i32) (local i32)
      (loop $l (local.set 1 (i32.add (local.get 1) (local.get 0)))
        (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)))`;
    const given: number[] = [];
    const instance = new MeteredInstance(await watOfToday(text), {}, (fuel) => {
      given.push(fuel);
      return 1;
    });
    expect(instance.run(0, "f", 10_000)).toBe(50_005_000);
    expect(given.length).toBeGreaterThan(5);
  });
});

describe("what the host sees of a metered module", () => {
  const text = `(module
    (func $helper (param i32) (result i32) (local.get 0))
    (func $boom (export "f") (param i32) (result i32) (local i32)
      (loop $a (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if $a (i32.lt_s (local.get 1) (i32.const 10))))
      (loop $b (result i32) (block $c (loop $d (br_if $c (local.get 1)))) (call $inner (local.get 0))))
    (func $inner (param i32) (result i32) (loop $l (nop))
      (i32.div_s (i32.const 1) (call $helper (local.get 0)))))`;

  /** Names of the functions of wasm in the trace of an error, and where in the module they are. */
  function trace(call: () => unknown): { name: string | null; offset: number }[] {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, sites) =>
      sites
        .filter((site) => site.getScriptNameOrSourceURL()?.startsWith("wasm:"))
        .map((site) => ({ name: site.getFunctionName(), offset: site.getColumnNumber()! - 1 }));
    try {
      call();
      return [];
    } catch (error) {
      return (error as { stack: object }).stack as ReturnType<typeof trace>;
    } finally {
      Error.prepareStackTrace = prepareStackTrace!;
    }
  }

  it("has the names and, mapped, the offsets of the original in its stack traces", async () => {
    const module = await watOfToday(text);
    const { Instance, Module } = wasmApi();
    const plain = new Instance(new Module(module), {}).exports;
    const expected = trace(() => (plain["f"] as (x: number) => number)(0));
    expect(expected.map(({ name }) => name)).toEqual(["inner", "boom"]);
    const metered = new MeteredInstance(module);
    const actual = trace(() => metered.run(ENOUGH, "f", 0));
    const offsets = meteredOffsets("it", module);
    expect(actual).not.toEqual(expected);
    expect(actual.map((place) => ({ ...place, offset: offsets.original(place.offset) }))).toEqual(
      expected,
    );
  });

  it("keeps comments, and drops what tells of places in the code", async () => {
    const module = concat(
      await watOfToday(text),
      customSection("producers", "\x00"),
      customSection("wplug", "{}"),
      customSection("metadata.code.branch_hint", "\x00"),
      customSection(".debug_line", "x"),
      customSection("linking", "x"),
    );
    const metered = meterModule("it", module);
    const kept = [
      "name",
      "producers",
      "wplug",
      "metadata.code.branch_hint",
      ".debug_line",
      "linking",
    ];
    expect(kept.map((name) => customSections(metered, name))).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("leaves the code of functions that are cheap as it is", async () => {
    const cheap = `(func $a (param i32) (result i32) (i32.add (local.get 0) (i32.const 77)))`;
    const module = await watOfToday(
      `(module ${cheap} (func (export "f") (drop (call $a (i32.const 1)))))`,
    );
    const hex = Buffer.from(meterModule("it", module)).toString("hex");
    expect(hex).toContain("0800200041cd006a0b");
  });

  it("is valid if there is no code, no export and nothing else", async () => {
    expect(isValid(meterModule("it", await watOfToday("(module)")))).toBe(true);
  });

  it("is not changed in place", async () => {
    const module = await watOfToday(text);
    const before = module.slice();
    meterModule("it", module);
    expect(module).toEqual(before);
  });
});

describe("a module that can't be metered", () => {
  /** A function of the type () -> () with this code. */
  function withCode(...code: number[]): Uint8Array {
    const body = [0, ...code, 0x0b];
    return Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
      ...[10, body.length + 2, 1, body.length, ...body],
    );
  }
  const refusal = (module: Uint8Array): string => {
    try {
      meterModule("p.wasm", module);
      return "metered";
    } catch (error) {
      if (error instanceof PluginLoadError) return error.message;
      throw error;
    }
  };

  it("is refused with a sentence that names the plugin, the problem and the byte", () => {
    expect(refusal(withCode(0x27))).toBe(
      "p.wasm can't be stopped in the host's thread (limits.time, limits.fuel): it has an instruction 0x27, which is not known, at byte 23",
    );
  });

  it.each<[string, number[]]>([
    ["an instruction 0xe0", [0xe0, 0]],
    ["an instruction 0xfb 40", [0xfb, 40]],
    ["an instruction 0xfc 18", [0xfc, 18]],
    ["an instruction 0xfd 154", [0xfd, 0x9a, 0x01]],
    ["an instruction 0xfd 276", [0xfd, 0x94, 0x02]],
    ["an instruction 0xfe 4", [0xfe, 4]],
    ["memory.atomic.wait", [0xfe, 1, 2, 0]],
    ["memory.atomic.wait", [0xfe, 2, 3, 0]],
    ["a type 0x62", [0xd0, 0x62, 0]],
    ["a type 0x5d", [0x02, 0x5d]],
    ["an access of memory of a kind", [0x28, 0x20, 0]],
    ["a catch of the kind 9", [0x1f, 0x40, 1, 9, 0]],
  ])("as it has %s: only the engine knows how long that is, or it waits", (problem, code) => {
    expect(refusal(withCode(...code))).toContain(problem);
  });

  it.each<[string, number[]]>([
    ["a global", [0x23, 0, 0x1a]],
    ["a global", [0x41, 0, 0x24, 0]],
    ["a function", [0x10, 1]],
    ["a function", [0x12, 1]],
    ["a function", [0xd2, 1, 0x1a]],
    ["a table", [0x41, 0, 0x11, 0, 0]],
    ["a table", [0x41, 0, 0x25, 0, 0x1a]],
    ["a table", [0x41, 0, 0xd0, 0x70, 0x26, 0]],
    ["a table", [0xfc, 16, 0, 0x1a]],
    ["a table", [0xd0, 0x70, 0x41, 0, 0xfc, 15, 0, 0x1a]],
    ["a type", [0x02, 1, 0x0b]],
    ["a type", [0xd0, 1, 0x1a]],
    ["a local", [0x20, 0, 0x1a, 0x03, 0x40, 0x0b]],
  ])("as it names %s that is not there, but would be what is put in", (what, code) => {
    const module = withCode(...code);
    expect(isValid(module)).toBe(false);
    expect(refusal(module)).toContain(`an index of ${what} that is not there`);
  });

  it.each<[string, number[][]]>([
    ["elements without a table", [[9, 6, 1, 0, 0x41, 0, 0x0b, 0]]],
    ["an index of a table", [[9, 8, 1, 2, 0, 0x41, 0, 0x0b, 0, 0]]],
    [
      "an index of a function",
      [
        [4, 4, 1, 0x70, 0, 1],
        [9, 7, 1, 0, 0x41, 0, 0x0b, 1, 0],
      ],
    ],
    ["an export of what is not there", [[7, 5, 1, 1, 0x61, 1, 0]]],
    ["an export of what is not there", [[7, 5, 1, 1, 0x61, 3, 0]]],
    [
      "an index of a type",
      [
        [13, 3, 1, 0, 1],
        [7, 1, 0],
      ],
    ],
    [
      "an index of a global",
      [
        [6, 6, 1, 0x7f, 0, 0x23, 0, 0x0b],
        [7, 1, 0],
      ],
    ],
    [
      "a section that is longer",
      [
        [3, 2, 1, 0],
        [8, 2, 0, 0],
      ],
    ],
    ["a section 14", [[14, 1, 0]]],
    [
      "sections that are not in order",
      [
        [10, 1, 0],
        [7, 1, 0],
      ],
    ],
  ])("as it has %s, in another section", (problem, sections) => {
    const head = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0);
    const module = concat(head, ...sections.map((section) => Uint8Array.from(section)));
    expect(isValid(module)).toBe(false);
    expect(refusal(module)).toContain(problem);
  });

  it.each(["wplug_fuel", "wplug_check", "wplug_start"])("as it exports %s itself", async (name) => {
    const module = await watOfToday(`(module (func (export "${name}")))`);
    expect(refusal(module)).toContain(`it has an export ${name}, a name that the host gives`);
  });

  it("as it was metered already", async () => {
    const module = await watOfToday(`(module (func (export "f")))`);
    expect(refusal(meterModule("it", module))).toContain("an export wplug_fuel");
  });
});

describe("modules of all kinds", () => {
  const text = `(module
    (type $t (func (param i32) (result i32))) (import "a" "b" (func $imported (type $t)))
    (memory 1) (table 3 funcref) (elem (i32.const 0) $f $g) (elem $passive funcref (ref.func $f)) (data "abc") (tag $e (param i32))
    (global $g (mut i32) (i32.const 1)) (export "g" (global $g)) (start $s)
    (func $s (drop (call $f (i32.const 1))))
    (func $f (type $t) (local i64 f64)
      (block $b (loop $l (br_if $b (i32.eqz (local.get 0))) (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br $l)))
      (try (result i32) (do (call $g (local.get 0))) (catch $e) (catch_all (i32.const 1))))
    (func $g (type $t) (loop $l (result i32)
      (if (result i32) (i32.gt_u (local.get 0) (i32.const 100)) (then (return_call $imported (local.get 0)))
        (else (call_indirect (type $t) (local.get 0) (i32.const 0)) (br_table 0 0 0 (i32.const 1))))
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 2)) (drop) (br $l)))
    (func (export "v") (result v128) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4))))`;

  it("are valid when they are metered, if and only if they were before, or are refused", async () => {
    const original = await watOfToday(text);
    expect(isValid(original)).toBe(true);
    const next = randomNumbers(7);
    const outcomes = { valid: 0, invalid: 0, refused: 0, refusedThoughValid: 0 };
    for (let i = 0; i < 15_000; i++) {
      const module = original.slice(0, next(20) === 0 ? next(original.length) : original.length);
      for (let changes = 1 + next(3); changes > 0 && module.length > 0; changes--) {
        module[next(module.length)] = next(3) === 0 ? next(256) : next(16);
      }
      const wasValid = isValid(module);
      let metered: Uint8Array;
      try {
        metered = meterModule("it", module);
      } catch (error) {
        if (!(error instanceof PluginLoadError)) throw error;
        outcomes[wasValid ? "refusedThoughValid" : "refused"]++;
        continue;
      }
      if (isValid(metered) !== wasValid) {
        throw new Error(
          `${Buffer.from(module).toString("hex")} was ${wasValid ? "" : "not "}valid`,
        );
      }
      outcomes[wasValid ? "valid" : "invalid"]++;
    }
    expect(outcomes.valid).toBeGreaterThan(1000);
    expect(outcomes.invalid).toBeGreaterThan(500);
    expect(outcomes.refused).toBeGreaterThan(1000);
    expect(outcomes.refusedThoughValid).toBe(0);
  }, 60_000);

  it("keep a number that a loop takes from the stack", async () => {
    const loop = `(local.get 0) (loop $l (param i32) (result i32) (i32.const 1) (i32.sub) (local.tee 0) (br_if $l (local.get 0)))`;
    const text = `(module (func (export "f") (param i32) (result i32) ${loop}))`;
    const instance = new MeteredInstance(await watOfToday(text));
    expect(instance.run(ENOUGH, "f", 10)).toBe(0);
  });

  it("are refused wherever they are cut off", async () => {
    const original = await watOfToday(text);
    for (let size = 0; size < original.length; size++) {
      const module = original.subarray(0, size);
      if (isValid(module)) continue;
      try {
        expect(isValid(meterModule("it", module))).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(PluginLoadError);
      }
    }
  });

  it("take no longer than they are long, whatever counts they claim", () => {
    const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const many = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for (const id of [1, 2, 3, 4, 5, 6, 7, 9, 10, 13]) {
      const module = Uint8Array.of(...head, id, 5, ...many);
      expect(() => meterModule("it", module)).toThrow(PluginLoadError);
    }
  });
});

function wasmErrors(): { readonly RuntimeError: new () => Error } {
  return wasmApi() as unknown as { readonly RuntimeError: new () => Error };
}
