import type { OutputTarget } from "./output-target.js";

/**
 * Turns bytes into lines. What a plugin wrote without a newline is shown as a line of its own as soon as the
 * program that called it gives control back: text must not vanish for want of a newline.
 */
export function lineWriter(print: (line: string) => void): OutputTarget {
  const decoder = new TextDecoder();
  let partial = "";
  let scheduled = false;

  const flush = (): void => {
    scheduled = false;
    if (partial !== "") print(partial);
    partial = "";
  };

  return {
    write(chunk) {
      const lines = (partial + decoder.decode(chunk, { stream: true })).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) print(line);
      if (partial === "" || scheduled) return;
      scheduled = true;
      queueMicrotask(flush);
    },
  };
}
