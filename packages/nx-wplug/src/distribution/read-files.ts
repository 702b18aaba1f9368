import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";

import { reasonOf } from "../errors/reason-of";
import { UserError } from "../errors/user-error";
import type { Oci } from "./load-oci";

/**
 * The private key to sign with.
 *
 * @param path undefined if nothing is to be signed
 * @throws UserError if there is no such file; RegistryError if it is no private key
 */
export async function readSignKey(
  oci: Oci,
  path: string | undefined,
): Promise<KeyObject | undefined> {
  return path === undefined ? undefined : oci.readPrivateKey(await readText(path), path);
}

/** @throws UserError if there is no such file */
export async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString();
}

/** @throws UserError if there is no such file */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UserError(`can't read ${path}: ${reasonOf(error)}`);
  }
}
