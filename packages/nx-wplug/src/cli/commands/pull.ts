import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { fileName } from "../../distribution/fetch-plugin";
import { withOci } from "../../distribution/load-oci";
import { readText } from "../../distribution/read-files";
import { writeAtOnce } from "../../system/write-at-once";
import type { Command } from "../command";

export const pull: Command = {
  summary: "Gets a plugin from a registry: into the cache, and a file.",
  usage: "oci://HOST/NAME:TAG",
  arguments: [1, 1],
  options: {
    output: {
      type: "string",
      value: "FILE|FOLDER",
      description: "Where to; NAME.wasm unless given, also in a folder.",
    },
    lockfile: { type: "string", value: "FILE", description: "Takes what this lockfile pins." },
    key: {
      type: "string",
      multiple: true,
      value: "FILE",
      description: "A public key, a PEM, that must have signed it, or one of several.",
    },
    policy: { type: "string", value: "FILE", description: "A policy that must accept it." },
    cache: { type: "string", value: "FOLDER", description: "The cache, if not that of the user." },
    offline: { type: "boolean", description: "Asks no registry." },
  },
  async run(args, { folder, onProgress }) {
    const [reference = ""] = args.positionals;
    const output = outputOf(folder, args.text("output"), `${fileName(reference)}.wasm`);
    const path = (option: string): string | undefined => {
      const text = args.text(option);
      return text === undefined ? undefined : resolve(folder, text);
    };
    const keys = args.texts("key").map((file) => readText(resolve(folder, file)));
    const verify = keys.length === 0 ? undefined : { key: await Promise.all(keys) };
    const lock = path("lockfile");
    const { bytes, ...pulled } = await withOci((oci) =>
      oci.pullPlugin(reference, {
        lock,
        // Who types a tag sees what it is.
        unpinned: lock === undefined,
        policy: path("policy"),
        cache: path("cache"),
        offline: args.flag("offline"),
        verify,
        onProgress,
      }),
    );
    await writeAtOnce(output, bytes);
    const json = { ...pulled, size: bytes.length, file: output };
    return { json, lines: [`${output}  ${bytes.length} bytes`, `manifest ${pulled.manifest}`] };
  },
};

/** Where a file is written to, by what was typed: a folder is one that is there, or ends with a slash. */
function outputOf(folder: string, typed = "", name: string): string {
  const path = resolve(folder, typed);
  // A path that goes on behind a file is not there either.
  const isFolder = /[\\/]$/.test(typed) || (existsSync(path) && statSync(path).isDirectory());
  return isFolder ? join(path, name) : path;
}
