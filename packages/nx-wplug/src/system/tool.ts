import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { UserError } from "../errors/user-error";

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

/** By its folder, as not every package exports its manifest. */
function findScript({ name, command = name }: Tool, folder: string): string {
  const modules = createRequire(join(folder, "package.json")).resolve.paths(name) ?? [];
  const found = modules
    .map((it) => join(it, name))
    .find((it) => existsSync(join(it, "package.json")));
  if (found === undefined) {
    throw new UserError(
      `The package ${name} is not installed: add it to the workspace's package.json.`,
    );
  }
  const { bin } = JSON.parse(readFileSync(join(found, "package.json"), "utf8")) as {
    bin?: string | Record<string, string>;
  };
  const script = typeof bin === "object" ? bin[command] : bin;
  if (script === undefined)
    throw new UserError(`The package ${name} in ${found} has no program ${command}.`);
  return join(found, script);
}
