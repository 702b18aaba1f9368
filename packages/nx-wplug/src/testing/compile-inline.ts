import { delimiter, dirname } from "node:path";

import { create } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, type FileDescriptorSet } from "@bufbuild/protobuf/wkt";
import { compileFiles } from "@bufbuild/protocompile";

import { bufCommand } from "../contract/compile/buf-command";
import type { Contract } from "../contract/contract";
import { buildContract } from "../contract/model/build-contract";
import { ContractError } from "../errors/contract-error";

/** Files by path, as they would lie in a folder. */
export type Protos = Readonly<Record<string, string>>;

/** Descriptors of protos that are written inline in a test. */
export function compileInline(protos: Protos): FileDescriptorSet {
  // protocompile looks for buf on the PATH.
  const path = process.env["PATH"];
  process.env["PATH"] = `${dirname(bufCommand().file)}${delimiter}${path}`;
  try {
    const file = [...compileFiles({ ...protos }).files].map(({ proto }) => proto);
    return create(FileDescriptorSetSchema, { file });
  } finally {
    process.env["PATH"] = path;
  }
}

/** The contract of protos that are written inline in a test. */
export function contractOf(protos: Protos): Contract {
  return buildContract(compileInline(protos), Object.keys(protos));
}

/** What is wrong with a contract, one problem per line; empty if nothing is. */
export function problemsOf(protos: Protos): string[] {
  const set = compileInline(protos);
  try {
    buildContract(set, Object.keys(protos));
    return [];
  } catch (error) {
    if (error instanceof ContractError) return error.message.split("\n");
    throw error;
  }
}
