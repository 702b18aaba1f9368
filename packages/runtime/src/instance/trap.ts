import { PluginExitError, PluginLimitError, PluginTrapError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import { HIGH, LOW, halves, signed64 } from "../messages/wire/words.js";
import { ExitSignal } from "../wasi/exit-signal.js";
import type { GuestMemory } from "../memory/guest-memory.js";

/** Lines of stderr that an error shows in its message. It carries more in `stderr`. */
const SHOWN_LINES = 5;

/** Longest text of a panic that an error shows, in bytes. */
const MAX_PANIC = 1 << 14;

/** How Go begins its report of a panic. */
const PANIC_LINE = /^(panic|fatal error): /;

export interface TrapContext {
  /** What was running: `sayHello`. */
  readonly action: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly memory: GuestMemory;
  /** The most bytes that the memory may have, if there is a limit. */
  readonly memoryLimit: number | undefined;
  /** The last lines of stderr. */
  readonly stderr: readonly string[];
  /** The last lines of the stream on which its toolchain reports panics. */
  readonly reports: readonly string[];
}

/** The error for what came out of the plugin instead of an answer. */
export function trapError(thrown: unknown, context: TrapContext): WplugError {
  if (thrown instanceof WplugError) return thrown;
  const { action, stderr, reports } = context;
  if (thrown instanceof ExitSignal) {
    const message = `${action}: the plugin ended itself with exit code ${thrown.code}`;
    return new PluginExitError(message + shown(stderr), thrown.code, stderr);
  }
  const full = fullMemory(context);
  if (full !== undefined) {
    return new PluginLimitError(
      `${action} trapped: ${trapReason(thrown)}; ${full}${shown(stderr)}`,
      {
        cause: thrown,
      },
    );
  }
  const panic = panicText(context) ?? reports.find((line) => PANIC_LINE.test(line));
  const reason = panic ?? trapReason(thrown);
  // The panic is on stderr too: once is enough.
  const rest = panic === undefined ? stderr : stderr.filter((line) => !panic.includes(line.trim()));
  return new PluginTrapError(`${action} trapped: ${reason}${shown(rest)}`, {
    stderr,
    cause: thrown,
  });
}

/** What JavaScriptCore adds of the code that called: it may be ours, and minified. */
const EVALUATING = / \(evaluating '[^]*'\)$/;

/** Why the engine ended the plugin; for the commonest trap, V8's word for it everywhere. */
function trapReason(thrown: unknown): string {
  const reason = reasonOf(thrown).replace(EVALUATING, "");
  return reason === "Unreachable code should not be executed" ? "unreachable" : reason;
}

/** A plugin that has three quarters of what it may have, and traps, most likely could not get more. */
function fullMemory({ memory, memoryLimit }: TrapContext): string | undefined {
  const size = memory.bytes.length;
  if (memoryLimit === undefined || size < memoryLimit * 0.75) return undefined;
  return `its memory has ${size} bytes and may have ${memoryLimit} (limits.memory)`;
}

function shown(stderr: readonly string[]): string {
  return stderr
    .slice(-SHOWN_LINES)
    .map((line) => `\n  stderr: ${line}`)
    .join("");
}

/**
 * What the author's code said when it panicked, with file and line, from plugins that keep it:
 * `panic: boom (assembly/index.ts:13:34)`.
 */
function panicText({ exports, memory }: TrapContext): string | undefined {
  const panic: unknown = exports["wplug_panic"];
  if (typeof panic !== "function") return undefined;
  try {
    const place: unknown = panic();
    if (typeof place !== "bigint") return undefined;
    signed64[0] = place;
    const text = memory.slice(halves[HIGH] ?? 0, Math.min(halves[LOW] ?? 0, MAX_PANIC));
    return text.length === 0 ? undefined : new TextDecoder().decode(text);
  } catch {
    // The plugin is broken: that it can't tell why is no further news.
    return undefined;
  }
}
