/**
 * Runs every case with every plugin in every host and prints a table: `matrix.mjs PATHS RESULTS`, both of JSON.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { greeterCases, interopCases, type Case } from "./cases.js";
import { EXCEPTIONS } from "./exceptions.js";
import { GoHost } from "./go-host.js";
import type { HostUnderTest } from "./host-under-test.js";
import { LANGUAGES, Subject, type Language } from "./subject.js";
import { TypeScriptHost } from "./typescript-host.js";

interface Paths extends Partial<Record<Language, string>> {
  /** The host in Go. */
  readonly host?: string;
  readonly files: string;
}

interface Cell {
  readonly row: string;
  readonly column: string;
  /** `exception`: it does not work, and everyone knows. */
  readonly result: "passed" | "failed" | "exception" | "not applicable";
  readonly text: string;
}

const [pathsFile = "", resultsFile = ""] = process.argv.slice(2);
const paths = JSON.parse(readFileSync(pathsFile, "utf8")) as Paths;

/** All columns of a host, one after the other. */
async function runHost(host: HostUnderTest): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const language of LANGUAGES) {
    const plugin = paths[language];
    if (plugin === undefined) continue;
    const as = language === "c" ? "greeter" : "interop";
    const subject = new Subject(host, language, { plugin, as, files: paths.files });
    for (const one of as === "greeter" ? greeterCases : interopCases) {
      cells.push(await runCase(one, subject));
    }
  }
  await host.close();
  return cells;
}

async function runCase(one: Case, subject: Subject): Promise<Cell> {
  const { host, language } = subject;
  const cell = { row: one.name, column: subject.name };
  const lacksSystem = one.isOfSystem === true && language === "rust without WASI";
  const isElsewhere = (one.only ?? language) !== language || (one.onlyIn ?? host) !== host;
  if (isElsewhere || one.not === language || lacksSystem) {
    return { ...cell, result: "not applicable", text: "" };
  }
  const exception = EXCEPTIONS.find(
    (it) =>
      it.row === one.name && (it.host ?? host) === host && (it.language ?? language) === language,
  );
  let failure: string | undefined;
  try {
    await one.run(subject);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const notes = subject.takeNotes();
  if (exception === undefined) {
    if (failure === undefined) return { ...cell, result: "passed", text: notes };
    return { ...cell, result: "failed", text: failure };
  }
  if (failure === undefined) {
    const text = `works, but an exception says that it does not: ${exception.reason}`;
    return { ...cell, result: "failed", text };
  }
  return { ...cell, result: "exception", text: `${exception.reason}: ${failure}` };
}

async function main(): Promise<void> {
  const hosts: HostUnderTest[] = [new TypeScriptHost()];
  if (paths.host !== undefined) hosts.unshift(new GoHost(paths.host));
  // At the same time: they are two processes.
  const cells = (await Promise.all(hosts.map(runHost))).flat();
  writeFileSync(resultsFile, JSON.stringify(cells));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
