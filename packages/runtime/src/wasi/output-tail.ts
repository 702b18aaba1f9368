import type { Output } from "./output.js";

const KEPT_BYTES = 4096;
const KEPT_LINES = 20;

/** Passes an output through and remembers its last lines, for errors to show. */
export class OutputTail implements Output {
  private readonly target: Output;
  private chunks: Uint8Array[] = [];
  private size = 0;

  constructor(target: Output) {
    this.target = target;
  }

  write(chunk: Uint8Array): void {
    const kept = chunk.length > KEPT_BYTES ? chunk.slice(-KEPT_BYTES) : chunk;
    this.chunks.push(kept);
    this.size += kept.length;
    for (
      let first = this.chunks[0];
      first !== undefined && this.size - first.length >= KEPT_BYTES;
      first = this.chunks[0]
    ) {
      this.size -= first.length;
      this.chunks.shift();
    }
    this.target.write(chunk);
  }

  end(): void {
    this.target.end();
  }

  /** The last lines, oldest first, without empty ones. */
  lines(): string[] {
    const decoder = new TextDecoder();
    let text = "";
    for (const chunk of this.chunks) text += decoder.decode(chunk, { stream: true });
    text += decoder.decode();
    return text
      .slice(-KEPT_BYTES)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .slice(-KEPT_LINES);
  }
}
