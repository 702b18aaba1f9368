/** Numbers that are the same in every run: mulberry32. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Functions of a program; each takes two numbers and returns one. */
const FUNCTIONS = 5;
const LOCALS = 4;
/** How deep blocks and expressions lie in each other. */
const DEPTH = 5;
/** Calls, and turns of loops that are not counted, that a program may make. */
const GAS = 3000;
/** Instructions of a `step`. */
export const STEP_COST = 4;

interface Label {
  readonly name: string;
  readonly isLoop: boolean;
  /** Whether a branch to it takes a number. */
  readonly takesNumber: boolean;
}

/**
 * A program of all kinds of control flow, in the text format of wasm. It ends by itself, and counts in its export `steps` how often
 * some of its places were passed. Its export `memory` tells what else it did.
 */
export function randomProgram(seed: number): string {
  const next = randomNumbers(seed);
  let names = 0;
  let counters: string[] = [];
  const pick = <T>(items: readonly T[]): T => items[next(items.length)] as T;
  const step = `(global.set $steps (i32.add (global.get $steps) (i32.const 1)))`;
  const useGas = `(global.set $gas (i32.sub (global.get $gas) (i32.const 1)))`;
  const hasGas = `(i32.gt_s (global.get $gas) (i32.const 0))`;
  const local = (): string => `$l${next(LOCALS)}`;
  const address = (depth: number, labels: readonly Label[]): string =>
    `(i32.and ${number(depth + 1, labels)} (i32.const 1023))`;
  const open = (prefix: string): string => `$${prefix}${names++}`;

  function statements(depth: number, labels: readonly Label[]): string {
    return Array.from({ length: 1 + next(3) }, () => statement(depth, labels)).join(" ");
  }

  function statement(depth: number, labels: readonly Label[]): string {
    const inner = depth + 1;
    if (depth >= DEPTH) return next(2) === 0 ? step : `(nop)`;
    switch (next(17)) {
      case 0:
        return step;
      case 1:
        return `(local.set ${local()} ${number(inner, labels)})`;
      case 2:
        return `(i32.store ${address(depth, labels)} ${number(inner, labels)})`;
      case 3:
        return `(if ${number(inner, labels)} (then ${statements(inner, labels)}) (else ${statements(inner, labels)}))`;
      case 4: {
        const name = open("block");
        const label = { name, isLoop: false, takesNumber: false };
        return `(block ${name} ${statements(inner, [...labels, label])})`;
      }
      case 5:
      case 6:
      case 7:
        return loop(inner, labels);
      case 8: {
        // Without calls, as most loops are.
        const counter = open("counter");
        const name = open("loop");
        counters.push(counter);
        return `(local.set ${counter} (i32.const ${1 + next(300)}))
          (loop ${name} ${step} (i32.store8 (local.get ${counter}) (local.get ${local()}))
            (br_if ${name} (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))))`;
      }
      case 9:
      case 10:
        return branch(depth, labels);
      case 11:
        return next(3) === 0 ? `(return ${number(inner, labels)})` : step;
      case 12:
        return `(memory.fill ${address(depth, labels)} ${number(inner, labels)} (i32.const ${next(500)}))`;
      case 13:
        return `(try (do ${statements(inner, labels)}) (catch $e ${statements(inner, labels)}) (catch_all ${step}))`;
      case 14:
        return next(3) === 0 ? `(throw $e)` : step;
      case 15:
        return `(memory.copy ${address(depth, labels)} ${address(depth, labels)} (i32.const ${next(500)}))`;
      default:
        return `(drop ${number(inner, labels)})`;
    }
  }

  function loop(depth: number, labels: readonly Label[]): string {
    const counter = open("counter");
    const name = open("loop");
    counters.push(counter);
    const inside = [...labels, { name, isLoop: true, takesNumber: false }];
    return `(local.set ${counter} (i32.const ${1 + next(12)}))
      (loop ${name} ${statements(depth, inside)}
        (br_if ${name} (i32.and ${hasGas} (i32.gt_s (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1))) (i32.const 0)))))`;
  }

  function branch(depth: number, labels: readonly Label[]): string {
    const target = labels.length === 0 ? undefined : pick(labels);
    if (target === undefined) return step;
    const { name, isLoop, takesNumber } = target;
    const value = takesNumber ? number(depth + 1, labels) : "";
    // Back only as long as there is gas.
    if (isLoop) return `(if ${hasGas} (then ${useGas} (br ${name})))`;
    switch (next(3)) {
      case 0:
        return `(br ${name} ${value})`;
      case 1:
        return takesNumber
          ? `(drop (br_if ${name} ${value} ${number(depth + 1, labels)}))`
          : `(br_if ${name} ${number(depth + 1, labels)})`;
      default: {
        const alike = labels.filter((label) => !label.isLoop && label.takesNumber === takesNumber);
        const targets = [pick(alike), pick(alike), pick(alike)].map((label) => label.name);
        return `(br_table ${targets.join(" ")} ${value} ${number(depth + 1, labels)})`;
      }
    }
  }

  function number(depth: number, labels: readonly Label[]): string {
    const inner = depth + 1;
    if (depth >= DEPTH)
      return next(2) === 0 ? `(local.get ${local()})` : `(i32.const ${next(100)})`;
    switch (next(14)) {
      case 0:
      case 1:
        return `(local.get ${local()})`;
      case 2:
        return `(i32.const ${next(1000)})`;
      case 3:
        return `(${pick(["i32.add", "i32.sub", "i32.mul", "i32.xor", "i32.lt_s"])} ${number(inner, labels)} ${number(inner, labels)})`;
      case 4:
        return `(i32.load8_u ${address(depth, labels)})`;
      case 5: {
        const name = open("block");
        const inside = [...labels, { name, isLoop: false, takesNumber: true }];
        return `(block ${name} (result i32) ${statements(inner, inside)} ${number(inner, inside)})`;
      }
      case 6:
        return `(if (result i32) ${number(inner, labels)} (then ${number(inner, labels)}) (else ${statements(inner, labels)} ${number(inner, labels)}))`;
      case 7: {
        const name = open("loop");
        const inside = [...labels, { name, isLoop: true, takesNumber: false }];
        return `(loop ${name} (result i32) ${statements(inner, inside)} ${number(inner, inside)})`;
      }
      case 8: {
        // A loop that takes a number: there is one on the stack at its head.
        const name = open("loop");
        return `${number(inner, labels)} (loop ${name} (param i32) (result i32) ${step} (i32.const 3) (i32.add))`;
      }
      case 9:
        return `(local.tee ${local()} ${number(inner, labels)})`;
      case 10:
        return `(select ${number(inner, labels)} ${number(inner, labels)} ${number(inner, labels)})`;
      case 11:
        return `(call_indirect (type $f) ${number(inner, labels)} ${number(inner, labels)} (i32.and ${number(inner, labels)} (i32.const 3)))`;
      default:
        return `(call $f${next(FUNCTIONS)} ${number(inner, labels)} ${number(inner, labels)})`;
    }
  }

  const functions = Array.from({ length: FUNCTIONS }, (_, index) => {
    counters = [];
    const body = `${statements(0, [])} ${number(0, [])}`;
    const declared = counters.map((counter) => `(local ${counter} i32)`).join(" ");
    const ends = next(3) === 0 ? `(return_call $leaf (local.get $l0) (local.get $l1))` : "";
    return `(func $f${index} (export "f${index}") (type $f) (param $l0 i32) (param $l1 i32) (result i32)
      (local $l2 i32) (local $l3 i32) ${declared}
      (if (i32.eqz ${hasGas}) (then ${ends} (return (i32.const 7))))
      ${useGas} ${body})`;
  });
  return `(module
    (type $f (func (param i32 i32) (result i32)))
    (tag $e)
    (memory (export "memory") 1)
    (table 4 funcref) (elem (i32.const 0) $f0 $f1 $f2 $leaf)
    (global $steps (export "steps") (mut i32) (i32.const 0))
    (global $gas (mut i32) (i32.const ${GAS}))
    (func $leaf (type $f) (param $l0 i32) (param $l1 i32) (result i32) ${step} (i32.add (local.get $l0) (local.get $l1)))
    ${functions.join("\n")})`;
}
