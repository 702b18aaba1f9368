import { HostFunctionError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import type { OutputLines, OutputOption, OutputStream } from "../options/output-option.js";
import type { OutputTarget } from "../platform/output-target.js";

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
    end() {
      try {
        target.end?.();
      } catch {
        // The plugin has ended, maybe for a reason that has to be told: there is nobody left to tell this one.
      }
    },
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
