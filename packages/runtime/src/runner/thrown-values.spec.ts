import { runInNewContext } from "node:vm";

import { MemoryFiles, type FileStat, type LoadOptions } from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { FD_WRITE, WRITE, greeter, wat, type Parts } from "../testing/wat.js";

const fails = (): never => {
  throw new Error("not to be asked");
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An error that is its own cause, and one of whose errors is itself. */
function circular(): Error {
  const error: Error & { errors?: unknown } = new Error("again");
  error.cause = error;
  error.errors = [error];
  return error;
}

/** What JavaScript lets code throw, and what errors say of it. */
const VALUES: readonly (readonly [string, unknown, string])[] = [
  ["nothing", undefined, "undefined"],
  ["null", null, "null"],
  ["a text", "no disk", "no disk"],
  ["a symbol", Symbol("no disk"), "Symbol(no disk)"],
  ["an error of another realm", runInNewContext("new Error('no disk')"), "no disk"],
  ["an object without a prototype", Object.create(null), "a value without a text was thrown"],
  ["an object whose text fails", { toString: fails }, "a value without a text was thrown"],
  [
    "an error whose message fails",
    new (class extends Error {
      override get message() {
        return fails();
      }
    })(),
    "a value without a text was thrown",
  ],
  [
    "an error whose message is an object",
    { message: Object.create(null) as object },
    "a value without a text was thrown",
  ],
  [
    "an error whose code, stack and cause fail",
    Object.defineProperties(new Error("no disk"), {
      code: { get: fails },
      stack: { get: fails },
      cause: { get: fails },
    }),
    "no disk",
  ],
  ["a proxy that is revoked", revoked(), "a value without a text was thrown"],
  ["an error that is its own cause", circular(), "again"],
  ["a frozen error", Object.freeze(new Error("no disk")), "no disk"],
];

const WRITES: Parts = {
  imports: FD_WRITE,
  more: WRITE,
  sayHello: `(call $write (i32.const 1) (i32.const 0) (i32.const 4)) (i64.const 0)`,
};
const TELLS_TIME: Parts = {
  imports: `(import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))`,
  sayHello: `(drop (call $time (i32.const 0) (i64.const 0) (i32.const 100))) (i64.const 0)`,
};

/** Who throws: a plugin that calls it, and the options that it is given by. */
const THROWERS: Readonly<
  Record<string, readonly [Parts, (raise: () => never) => LoadOptions, string]>
> = {
  "a host function": [
    BEHAVIOURS,
    (raise) => askLibrary(() => raise(), false),
    "host function env.ask failed: ",
  ],
  "a clock": [
    TELLS_TIME,
    (raise) => ({ clock: { realtime: raise, monotonic: raise } }),
    "clock_time_get failed in the host: ",
  ],
  "an output": [WRITES, (raise) => ({ stdout: raise }), "the stdout of the load options failed: "],
};

describe.each(["inline", "worker"] as const)("%s: whatever is thrown by", (isolation) => {
  describe.each(Object.entries(THROWERS))("%s", (_, [parts, optionsOf, prefix]) => {
    it.each(VALUES)("makes the call fail with what it says: %s", async (_, value, text) => {
      const raise = (): never => {
        throw value;
      };
      const plugin = await GreeterPlugin.load(await wat(greeter(parts)), {
        isolation,
        ...optionsOf(raise),
      });
      await expect(plugin.sayHello({ name: "h" })).rejects.toMatchObject({
        name: "HostFunctionError",
        message: prefix + text,
      });
      await plugin.dispose();
    });
  });
});

describe("what an application answers and can't be sent to a thread", () => {
  it("makes the call fail, and does not end the process", async () => {
    class Odd extends MemoryFiles {
      override stat(): FileStat {
        return { size: 1n as unknown as number } as FileStat;
      }
    }
    const text = greeter({
      imports: `(import "wasi_snapshot_preview1" "path_filestat_get" (func $stat (param i32 i32 i32 i32 i32) (result i32)))`,
      more: `(data (i32.const 100) "a")`,
      sayHello: `(drop (call $stat (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (i64.const 0)`,
    });
    const plugin = await GreeterPlugin.load(await wat(text), {
      isolation: "worker",
      files: { "/": new Odd() },
    });
    await expect(plugin.sayHello({})).rejects.toMatchObject({
      name: "HostFunctionError",
      message: expect.stringContaining("path_filestat_get failed in the host") as string,
    });
    await plugin.dispose();
  });
});

describe.each(["inline", "worker"] as const)("%s: an answer of a host function", (isolation) => {
  it("whose `then` fails makes the call fail with that", async () => {
    const answer = {
      name: "a",
      get then(): never {
        throw new Error("no then");
      },
    };
    const plugin = await GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
      isolation,
      ...askLibrary(() => answer, false),
    });
    await expect(plugin.sayHello({ name: "h" })).rejects.toMatchObject({
      name: "HostFunctionError",
      message: "host function env.ask failed: no then",
    });
    await plugin.dispose();
  });
});
