import { parseArgs } from "node:util";

import { isUsersToMend } from "../errors/is-users-to-mend";
import { reasonOf } from "../errors/reason-of";
import { wplugVersion } from "../generated/header";
import type { Arguments, Command, ParseOptions, Terminal } from "./command";
import { copy } from "./commands/copy";
import { inspect } from "./commands/inspect";
import { lock } from "./commands/lock";
import { pull } from "./commands/pull";
import { push } from "./commands/push";
import { resolve } from "./commands/resolve";
import { search } from "./commands/search";

const commands: Readonly<Record<string, Command>> = {
  push,
  pull,
  lock,
  resolve,
  copy,
  inspect,
  search,
};

/** Done, failed, and typed wrongly. */
const OK = 0;
const FAILED = 1;
const USAGE = 2;

/** Where the program prints and which folder it is in. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly folder: string;
}

/** @returns the exit code: 0, or 1 if something failed, or 2 if it was typed wrongly */
export async function main(
  argv: readonly string[],
  streams: Streams = { stdout: process.stdout, stderr: process.stderr, folder: process.cwd() },
): Promise<number> {
  const { stdout, stderr } = streams;
  const [first, ...others] = argv;
  if (first === "--version") return say(stdout, wplugVersion(), OK);
  if (first === "--help" || first === "-h") return say(stdout, overview(), OK);
  // As with git: wplug help push.
  if (first === "help" && others.length === 0) return say(stdout, overview(), OK);
  const [name, ...rest] = first === "help" ? [...others, "--help"] : argv;
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name === undefined || command === undefined) {
    const problem = name === undefined ? "" : `wplug: there is no command ${name}\n\n`;
    return say(stderr, problem + overview(), USAGE);
  }
  if (rest.includes("--help") || rest.includes("-h")) return say(stdout, help(name, command), OK);
  const args = readArguments(command, rest);
  if (typeof args === "string") {
    return say(stderr, `wplug ${name}: ${args}\n\n${help(name, command)}`, USAGE);
  }
  const progress = args.flag("json") ? undefined : progressLine(stderr);
  try {
    const terminal: Terminal = {
      print: (text) => void stdout.write(`${text}\n`),
      onProgress: progress?.show,
      folder: streams.folder,
    };
    const { lines, json, ok = true } = await command.run(args, terminal);
    progress?.clear();
    if (args.flag("json")) terminal.print(JSON.stringify(json, null, 2));
    else lines.forEach((line) => terminal.print(line));
    return ok ? OK : FAILED;
  } catch (error) {
    progress?.clear();
    if (!isUsersToMend(error)) throw error;
    return say(stderr, `wplug ${name}: ${error.message}`, FAILED);
  }
}

function say(stream: Streams["stdout"], text: string, code: number): number {
  stream.write(`${text}\n`);
  return code;
}

/** @returns what is wrong, if something is */
function readArguments(command: Command, argv: readonly string[]): Arguments | string {
  const options: ParseOptions = { json: { type: "boolean" } };
  for (const [name, { type, multiple = false }] of Object.entries(command.options)) {
    options[name] = { type, multiple };
  }
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    return reasonOf(error);
  }
  const { values, positionals } = parsed;
  const [least, most] = command.arguments;
  if (positionals.length < least) return "an argument is missing";
  if (positionals.length > most) return `${String(positionals[most])} is one argument too many`;
  return {
    positionals,
    text: (option) => values[option] as string | undefined,
    texts: (option) => (values[option] as string[] | undefined) ?? [],
    flag: (option) => values[option] === true,
  };
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map(({ length }) => length));
  return [
    "Plugins in OCI registries.",
    "",
    "usage: wplug COMMAND …",
    "",
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "wplug COMMAND --help says more. Users and passwords are those of docker login. It exits with 0, with 1 if something",
    "failed, with 2 if it was typed wrongly.",
  ].join("\n");
}

function help(name: string, { summary, usage, options }: Command): string {
  const all: Command["options"] = {
    ...options,
    json: { type: "boolean", description: "Answers with JSON." },
    help: { type: "boolean", description: "Shows this." },
  };
  const heads = Object.entries(all).map(
    ([option, { value = "TEXT", type }]) => `--${option}${type === "string" ? `=${value}` : ""}`,
  );
  const width = Math.max(...heads.map(({ length }) => length));
  return [
    summary,
    "",
    `usage: wplug ${name} ${usage}`,
    "",
    ...Object.values(all).map(
      ({ description }, index) => `  ${(heads[index] ?? "").padEnd(width)}  ${description}`,
    ),
  ].join("\n");
}

interface ProgressLine {
  show(bytes: number, size: number): void;
  clear(): void;
}

/** A line that is written over, on a terminal. */
function progressLine(stream: Streams["stderr"]): ProgressLine | undefined {
  if (stream.isTTY !== true) return undefined;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return {
    show: (bytes, size) => stream.write(`\r${megabytes(bytes)} of ${megabytes(size)} MB `),
    clear: () => stream.write("\r\x1b[K"),
  };
}
