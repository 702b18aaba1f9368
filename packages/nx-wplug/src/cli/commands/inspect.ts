import { basename, resolve } from "node:path";

import { withOci } from "../../distribution/load-oci";
import { isRegistrySource } from "../../distribution/workspace-plugins";
import { UserError } from "../../errors/user-error";
import type { LookedInto } from "../../inspection/inspect-plugin";
import { writeAtOnce } from "../../system/write-at-once";
import type { Answer, Command } from "../command";

export const inspect: Command = {
  summary: "Says what a plugin is, in a file, on the web or in a registry, without running it.",
  usage: "FILE|URL|oci://HOST/NAME:TAG",
  arguments: [1, 1],
  options: {
    proto: { type: "boolean", description: "Prints the .proto files of its contract." },
    html: {
      type: "string",
      value: "FILE",
      description: "Writes a page with the plugin in it, where it can be called.",
    },
  },
  async run(args, { folder, onProgress }) {
    // Loaded here: the other commands know nothing of descriptors.
    const { inspectPlugin, isWebSource } = await import("../../inspection/inspect-plugin.js");
    const [named = ""] = args.positionals;
    const remote = isRegistrySource(named)
      ? await withOci((oci) => oci.resolvePlugin(named))
      : undefined;
    // By its digest: the tag may be moved in between.
    const source = remote?.reference ?? (isWebSource(named) ? named : resolve(folder, named));
    const plugin = await inspectPlugin(source, onProgress);
    const html = args.text("html");
    if (html !== undefined) return writePage(resolve(folder, html), named, plugin);
    if (args.flag("proto")) {
      const { printProtos } = await import("../../inspection/print-protos.js");
      if (plugin.descriptors === undefined) throw new UserError(undescribed(named));
      return protos(printProtos(plugin.descriptors));
    }
    const { formatInspection } = await import("../../inspection/format-inspection.js");
    const { permissionsOf } = await import("../../inspection/permissions.js");
    const { inspection, described } = plugin;
    const permissions = permissionsOf(inspection.wasi, inspection.hostFunctions);
    return {
      json: {
        ...inspection,
        ...(remote === undefined ? {} : { name: named }),
        // In words, and by --proto.
        descriptors: undefined,
        contract: plugin.descriptors && described,
        permissions,
        ...(remote === undefined ? {} : { registry: remote }),
      },
      lines: [
        ...(remote === undefined
          ? []
          : [`manifest   ${remote.manifest}`, `layer      ${remote.layer}`]),
        ...formatInspection(plugin),
      ],
    };
  },
};

async function writePage(path: string, name: string, plugin: LookedInto): Promise<Answer> {
  const { playgroundPage } = await import("../../inspection/write-page.js");
  const wasm = Buffer.from(plugin.bytes).toString("base64");
  await writeAtOnce(path, Buffer.from(await playgroundPage({ name: basename(name), wasm })));
  return { json: { file: path }, lines: [path] };
}

function undescribed(source: string): string {
  return (
    `${source} does not tell its contract: wplug did not build it, or an older version did, or its wplug.json has ` +
    '"describe": false. Ask its author for the .proto files.'
  );
}

function protos(printed: readonly (readonly [path: string, text: string])[]): Answer {
  const isOne = printed.length === 1;
  return {
    json: Object.fromEntries(printed),
    lines: printed.flatMap(([path, text]) => [
      ...(isOne ? [] : [`// ${path}`, ""]),
      text.trimEnd(),
    ]),
  };
}
