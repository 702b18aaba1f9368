import { basename, resolve } from "node:path";

import { withOci } from "../../distribution/load-oci";
import { readBytes, readSignKey } from "../../distribution/read-files";
import { UserError } from "../../errors/user-error";
import type { Command } from "../command";

export const push: Command = {
  summary: "Puts a plugin into a registry.",
  usage: "FILE oci://HOST/NAME:TAG",
  arguments: [2, 2],
  options: {
    "sign-key": {
      type: "string",
      value: "FILE",
      description: "Signs it with this private key, a PEM, as cosign sign --key does.",
    },
    version: {
      type: "string",
      description: "Version of the plugin, as an annotation.",
    },
    annotation: {
      type: "string",
      multiple: true,
      value: "KEY=VALUE",
      description: "One more annotation; may be given several times.",
    },
    layout: {
      type: "string",
      value: "wasm|module",
      description:
        "How it lies there: as the CNCF says (wasm, unless given), or as go-plugin's README.",
    },
    force: { type: "boolean", description: "Moves a tag that is there with another digest." },
    "dry-run": {
      type: "boolean",
      description: "Looks whether it could be done, and does nothing.",
    },
  },
  async run(args, { folder, onProgress }) {
    const [file = "", reference = ""] = args.positionals;
    const layout = args.text("layout") ?? "wasm";
    if (layout !== "wasm" && layout !== "module") {
      throw new UserError(`--layout is wasm or module, not ${layout}`);
    }
    const wasm = await readBytes(resolve(folder, file));
    const signKey = args.text("sign-key");
    const dryRun = args.flag("dry-run");
    const pushed = await withOci(async (oci) =>
      oci.pushPlugin(reference, wasm, {
        title: basename(file),
        layout,
        annotations: Object.fromEntries(args.texts("annotation").map(readAnnotation)),
        version: args.text("version"),
        force: args.flag("force"),
        dryRun,
        onProgress,
        signKey: await readSignKey(oci, signKey && resolve(folder, signKey)),
      }),
    );
    const done = pushed.existed ? "was there already" : dryRun ? "would be pushed" : "pushed";
    return { json: pushed, lines: [`${reference} ${done}`, pushed.reference] };
  },
};

function readAnnotation(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new UserError(`--annotation is KEY=VALUE, not ${text}`);
}
