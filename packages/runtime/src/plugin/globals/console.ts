import type { Engine } from "../../platform/engine.js";
import { originalStack } from "../original-stack.js";

/** `log`, `info` and `debug` write to standard output, the others to standard error. */
export function addConsole(engine: Engine): void {
  const writer =
    (file: number) =>
    (...values: unknown[]) => {
      engine.print(file, values.map((value) => show(engine, value)).join(" ") + "\n");
    };
  const [out, error] = [writer(1), writer(2)];
  const console = { log: out, info: out, debug: out, warn: error, error, trace: error };
  Object.assign(globalThis, { console });
}

function show(engine: Engine, value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${String(value)}\n${originalStack(engine, value)}`.trimEnd();
  if (typeof value === "object" && value !== null) {
    try {
      return JSON.stringify(value, plain);
    } catch {
      return String(value); // it contains itself
    }
  }
  return typeof value === "bigint" ? `${value}n` : String(value);
}

/** What JSON has no form of. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (value instanceof Error) return String(value);
  return value;
}
