/** A problem in a contract, where an editor can jump to. */
export interface Diagnostic {
  /** Path of the proto file: on disk where the files were read from disk, else as protobuf knows it. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** All that is wrong with a contract. The message has one line per problem: `path:line:column: text`. */
export class ContractError extends Error {
  override readonly name = "ContractError";

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join("\n"));
  }

  /** The same problems with other paths. */
  mapPaths(map: (path: string) => string): ContractError {
    return new ContractError(
      this.diagnostics.map((diagnostic) => ({ ...diagnostic, path: map(diagnostic.path) })),
    );
  }
}

function formatDiagnostic({ path, line, column, message }: Diagnostic): string {
  return `${path}:${line}:${column}: ${message}`;
}
