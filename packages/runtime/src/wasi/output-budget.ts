import { PluginLimitError } from "../errors/plugin-errors.js";
import type { Output } from "./output.js";

/** How much a plugin may write to stdout and stderr during one call, or while it is started. */
export class OutputBudget {
  private readonly bytes: number | undefined;
  private left: number;

  /** @param limit bytes; undefined: any number */
  constructor(limit: number | undefined) {
    this.bytes = limit;
    this.left = limit ?? Infinity;
  }

  /** For the next call. */
  refill(): void {
    this.left = this.bytes ?? Infinity;
  }

  limit(output: Output): Output {
    if (this.bytes === undefined) return output;
    return {
      write: (chunk) => {
        this.left -= chunk.length;
        if (this.left < 0) {
          throw new PluginLimitError(
            `the plugin wrote more than ${this.bytes} bytes to stdout and stderr in one call (limits.output)`,
          );
        }
        output.write(chunk);
      },
      end: () => output.end(),
    };
  }
}
