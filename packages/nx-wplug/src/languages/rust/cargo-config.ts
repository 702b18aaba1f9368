import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { parse, type TomlTable } from "smol-toml";

import { UserError } from "../../errors/user-error";

/** A file that is there twice has the first name for Cargo. */
const NAMES = ["config", "config.toml"];

/** Where Cargo keeps what it has downloaded, and the configuration of a user. */
export function cargoHome(): string {
  return process.env["CARGO_HOME"] ?? join(homedir(), ".cargo");
}

/**
 * Reads what configures Cargo in a folder, the nearest first: `.cargo/config.toml` there and in the folders above it, and that of
 * the user.
 *
 * @param folder absolute
 * @throws UserError if a file is not TOML
 * @see https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure
 */
export async function readCargoConfig(folder: string): Promise<TomlTable[]> {
  const folders = [...foldersFrom(folder).map((it) => join(it, ".cargo")), cargoHome()];
  const read = await Promise.all([...new Set(folders)].map(readFirst));
  return read.filter((it) => it !== undefined);
}

/**
 * Reads a file of TOML.
 *
 * @returns undefined if there is none
 * @throws UserError if it is not TOML
 */
export async function readToml(file: string): Promise<TomlTable | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw new UserError(`${file} is not TOML: ${(error as Error).message.trim()}`);
  }
}

/** What is at a path of tables; undefined if there is nothing. */
export function tomlAt(table: TomlTable, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as TomlTable)[key] : undefined),
    table,
  );
}

async function readFirst(folder: string): Promise<TomlTable | undefined> {
  for (const name of NAMES) {
    const table = await readToml(join(folder, name));
    if (table !== undefined) return table;
  }
  return undefined;
}

function foldersFrom(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersFrom(parent)];
}
