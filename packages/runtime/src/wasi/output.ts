import { HostFunctionError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { OutputTarget } from "../platform/output-target.js";

/** A `WritableStream`, as far as it is used. */
export interface OutputStream {
  getWriter(): { write(chunk: Uint8Array): Promise<void>; releaseLock(): void };
}

/**
 * Where a plugin's stdout or stderr goes: a Node stream or anything else with `write`, a `WritableStream`, a
 * function that gets the text, `{ line }` with a function that gets one line at a time, or null for nowhere. Streams get
 * the bytes as the plugin wrote them; the functions get whole characters, also where a plugin wrote half of one.
 */
export type OutputOption =
  | { write(chunk: Uint8Array): unknown }
  | OutputStream
  | ((text: string) => void)
  | OutputLines
  | null;

/** Takes output line by line. */
export interface OutputLines {
  /** Gets a line without its end; also the last one, when the plugin is disposed, if it has no end. */
  line(text: string): void;
}

/** An output stream of an instance. */
export interface Output extends OutputTarget {
  /** Hands over what is held back. */
  end(): void;
}

/** The output for an option. `name` is for errors. */
export function createOutput(
  name: "stdout" | "stderr",
  option: OutputOption | undefined,
  standard: OutputTarget,
): Output {
  const target = targetOf(option === undefined ? standard : option);
  return {
    write: (chunk) => guard(name, () => target.write(chunk)),
    end: () => target.end?.(),
  };
}

interface Target extends OutputTarget {
  end?(): void;
}

function targetOf(option: OutputOption): Target {
  if (option === null) return { write() {} };
  if (typeof option === "function") return textTarget(option);
  if ("line" in option) return lineTarget(option);
  if ("write" in option) return { write: (chunk) => void option.write(chunk) };
  return streamTarget(option);
}

function textTarget(callback: (text: string) => void): Target {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const emit = (text: string): void => {
    if (text !== "") callback(text);
  };
  return {
    write: (chunk) => emit(decoder.decode(chunk, { stream: true })),
    end: () => emit(decoder.decode()),
  };
}

function lineTarget(option: OutputLines): Target {
  let partial = "";
  const text = textTarget((chunk) => {
    const lines = (partial + chunk).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) option.line(line.replace(/\r$/, ""));
  });
  return {
    write: (chunk) => text.write(chunk),
    end() {
      text.end?.();
      if (partial !== "") option.line(partial);
      partial = "";
    },
  };
}

function streamTarget(stream: OutputStream): Target {
  return {
    write(chunk) {
      // Locked only for the moment, so that the application can use the stream in between.
      const writer = stream.getWriter();
      // wasm can't wait for the stream, and its failure is the application's to see, on the stream itself.
      writer.write(chunk).catch(() => {});
      writer.releaseLock();
    },
  };
}

function guard(name: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new HostFunctionError(`the ${name} of the load options failed: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
