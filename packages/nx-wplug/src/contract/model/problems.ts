import { ContractError, type Diagnostic } from "../../errors/contract-error";
import type { Position } from "./proto-source";

/** Collects what is wrong with a contract, so that all of it is reported at once. */
export class Problems {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly hints: Diagnostic[] = [];

  /** @param other where the other part of the problem is, if it has two */
  add(position: Position, message: string, other?: Position): void {
    this.diagnostics.push({ ...position, message, ...(other !== undefined && { other }) });
  }

  /** Something that may be as it is, but probably should not. */
  warn(position: Position, message: string): void {
    this.hints.push({ ...position, message });
  }

  get warnings(): readonly Diagnostic[] {
    return this.hints;
  }

  /** @throws ContractError if there are problems: file by file, in the order of lines */
  throwIfAny(): void {
    if (this.diagnostics.length === 0) return;
    const files = [...new Set(this.diagnostics.map(({ path }) => path))];
    throw new ContractError(
      [...this.diagnostics].sort(
        (a, b) =>
          files.indexOf(a.path) - files.indexOf(b.path) || a.line - b.line || a.column - b.column,
      ),
    );
  }
}
