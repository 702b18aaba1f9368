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
  /** Where the other part of the problem is, if it has two. */
  readonly other?: Place;
}

/** A place in a proto file, counted from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** All that is wrong with a contract. The message has one line per problem: `path:line:column: text`. */
export class ContractError extends Error {
  override readonly name = "ContractError";

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join("\n"));
  }

  /** The same problems with other paths. */
  mapPaths(map: (path: string) => string): ContractError {
    return new ContractError(this.diagnostics.map((diagnostic) => mapPaths(diagnostic, map)));
  }
}

/** The same problem with other paths. */
export function mapPaths(
  { other, ...diagnostic }: Diagnostic,
  map: (path: string) => string,
): Diagnostic {
  return {
    ...diagnostic,
    path: map(diagnostic.path),
    ...(other !== undefined && { other: { ...other, path: map(other.path) } }),
  };
}

/** One line: `path:line:column: text`. */
export function formatDiagnostic({ message, other, ...place }: Diagnostic): string {
  const where = other === undefined ? "" : ` (the other is at ${formatPlace(other)})`;
  return `${formatPlace(place)}: ${message}${where}`;
}

function formatPlace({ path, line, column }: Place): string {
  return `${path}:${line}:${column}`;
}
