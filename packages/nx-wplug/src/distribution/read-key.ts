import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";

import { reasonOf } from "../errors/reason-of";
import { UserError } from "../errors/user-error";
import type { Oci } from "./load-oci";

/** @throws UserError if there is no such file; RegistryError if it is no private key */
export async function readSignKey(oci: Oci, path: string): Promise<KeyObject> {
  return oci.readPrivateKey(await readText(path), path);
}

/** @throws UserError if there is no such file */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(`can't read ${path}: ${reasonOf(error)}`);
  }
}
