import { wasmApi } from "../module/wasm-api.js";
import { watOfToday } from "../testing/metered.js";
import { SUSPEND } from "./added.js";
import { connectChecks } from "./connect.js";
import { meterModule } from "./meter.js";

const COUNT = `(module (func (export "count") (param i32)
  (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
const SLICE = 100_000;

describe("a metered module that is asked to wait", () => {
  it("lets the event loop run where the engine can suspend it, and traps elsewhere", async () => {
    const { Instance, Module, Suspending, promising } = wasmApi();
    const module = new Module(meterModule("it", await watOfToday(COUNT)));
    const { exports } = new Instance(module, {});
    let waits = 0;
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { fuel } = connectChecks(
      exports,
      () => SUSPEND,
      async () => {
        waits++;
        await new Promise((resolve) => setTimeout(resolve, 2));
        return SLICE;
      },
    );
    fuel.value = SLICE;
    const count = exports["count"] as (turns: number) => void;
    try {
      if (Suspending === undefined || promising === undefined) {
        expect(() => count(1_000_000)).toThrow("null");
        return;
      }
      await promising(count)(1_000_000);
      expect(waits).toBeGreaterThan(40);
      expect(turns).toBeGreaterThan(10);
      // Who waits may as well say that it is over.
      connectChecks(
        exports,
        () => SUSPEND,
        async () => 0,
      );
      await expect(promising(count)(1_000_000)).rejects.toThrow(/unreachable/i);
    } finally {
      clearInterval(timer);
    }
  });
});
