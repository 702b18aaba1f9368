/** Where the protos of a contract are. */
export interface ProtoSources {
  /** Folder of the contract's own `.proto` files, which imports are relative to. */
  readonly protoRoot: string;
  /** What the contract can import beside them, and what that imports. */
  readonly imports?: readonly ImportedProtos[];
  /** The name of a contract that has a proto which is not there to be imported. */
  readonly findElsewhere?: (path: string) => string | undefined;
}

/** The protos of another contract. */
export interface ImportedProtos {
  /** Its project. */
  readonly contract: string;
  /** What its package is imported by: `@acme/money-contract`. */
  readonly importPath: string;
  /** Absolute folder of its project. */
  readonly folder: string;
  /** Absolute folder of its `.proto` files. */
  readonly protoRoot: string;
  /** Whether the contract itself names it, and not only one that it imports. */
  readonly isDirect: boolean;
}
