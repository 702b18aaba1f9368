import type { ParseArgsConfig } from "node:util";

/** An option of a command, with what --help says of it. */
export interface CommandOption {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** Name of the value: `FILE`. */
  readonly value?: string;
  readonly description: string;
}

/** What was typed, by the names of options. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
}

/** Where a command prints. */
export interface Terminal {
  /** The answer: lines for people, or JSON. */
  print(text: string): void;
  /** How far it is, where somebody looks. */
  readonly onProgress: ((bytes: number, size: number) => void) | undefined;
  /** Current directory. */
  readonly folder: string;
}

/** What a command answers: to people in lines, to programs as JSON. */
export interface Answer {
  readonly lines: readonly string[];
  readonly json: object;
  /** Whether it found what it was to find; true unless given. */
  readonly ok?: boolean;
}

export interface Command {
  readonly summary: string;
  /** Behind the name: `FILE oci://HOST/NAME:TAG`. */
  readonly usage: string;
  /** How many arguments there are, at least and at most. */
  readonly arguments: readonly [number, number];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** @throws UserError */
  run(args: Arguments, terminal: Terminal): Promise<Answer>;
}

export type ParseOptions = NonNullable<ParseArgsConfig["options"]>;
