import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../errors/user-error";
import { addCommand, packageFolder } from "./package-manager";

/** A command-line program that an npm package brings. */
export interface Tool {
  /** The package. */
  readonly name: string;
  /** The name of the program, where it is not that of the package. */
  readonly command?: string;
}

/**
 * Runs a tool that the workspace has installed, as if it were called in the terminal: what it prints is seen at once, in
 * colour, and it can ask questions.
 *
 * @param folder absolute; where it runs, and whose `node_modules` folders, and those above, are searched
 * @returns whether it ended with exit code 0
 * @throws UserError if the package is not installed
 */
export function runTool(tool: Tool, args: readonly string[], folder: string): Promise<boolean> {
  const script = findScript(tool, folder);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: folder, stdio: "inherit" });
    const end = (): void => void child.kill();
    process.once("exit", end);
    child.on("error", reject);
    child.on("close", (code) => {
      process.removeListener("exit", end);
      resolve(code === 0);
    });
  });
}

function findScript({ name, command = name }: Tool, folder: string): string {
  const found = packageFolder(name, folder);
  if (found === undefined) {
    throw new UserError(`${name} is not installed: run \`${addCommand(name)}\`.`);
  }
  const { bin } = JSON.parse(readFileSync(join(found, "package.json"), "utf8")) as {
    bin?: string | Record<string, string>;
  };
  const script = typeof bin === "object" ? bin[command] : bin;
  if (script === undefined)
    throw new UserError(`The package ${name} in ${found} has no program ${command}.`);
  return join(found, script);
}
