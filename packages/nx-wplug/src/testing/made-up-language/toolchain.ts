import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../errors/user-error";

/** A stand-in for a compiler that has to be installed. */
export function checkToolchain(folder: string): void {
  if (existsSync(join(folder, "abi.lock"))) return;
  throw new UserError("There is no abi.lock, which plugins in WebAssembly text need: make one.");
}
