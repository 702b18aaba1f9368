import { STDERR, STDOUT, writeAll } from "./stdio";
import { encodeUtf8, utf8Length } from "./wire/utf8";

// @ts-ignore: decorator
@lazy
const timers = new Map<string, f64>();

/**
 * The global `console`: log, info and debug write to stdout, warn and error to stderr. A call is one write of the
 * text and a line feed, so that lines of several plugins do not mix.
 */
// @ts-ignore: decorator
@global
export namespace wplug_console {
  export function assert<T>(condition: T, message: string = ""): void {
    if (!condition) writeLine(STDERR, "Assertion failed: " + message);
  }

  export function log(message: string = ""): void {
    writeLine(STDOUT, message);
  }

  export function debug(message: string = ""): void {
    writeLine(STDOUT, message);
  }

  export function info(message: string = ""): void {
    writeLine(STDOUT, message);
  }

  export function warn(message: string = ""): void {
    writeLine(STDERR, message);
  }

  export function error(message: string = ""): void {
    writeLine(STDERR, message);
  }

  export function time(label: string = "default"): void {
    if (timers.has(label)) {
      writeLine(STDERR, "console.time: '" + label + "' is running already");
      return;
    }
    timers.set(label, performance.now());
  }

  export function timeLog(label: string = "default"): void {
    if (!timers.has(label)) {
      writeLine(STDERR, "console.timeLog: '" + label + "' is not running");
      return;
    }
    writeLine(STDOUT, label + ": " + (<u64>(performance.now() - timers.get(label))).toString() + "ms");
  }

  export function timeEnd(label: string = "default"): void {
    timeLog(label);
    timers.delete(label);
  }
}

function writeLine(fd: u32, text: string): void {
  const size = utf8Length(changetype<usize>(text), text.length);
  const line = heap.alloc(size + 1);
  encodeUtf8(changetype<usize>(text), text.length, line, line + size);
  store<u8>(line + size, 0x0a);
  writeAll(fd, line, size + 1);
  heap.free(line);
}
