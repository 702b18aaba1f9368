import { resolve } from "node:path";

import type { LockedPlugin } from "@wplug/runtime/oci";

import { withOci, type Oci } from "../../distribution/load-oci";
import { LOCKFILE, registrySources } from "../../distribution/workspace-plugins";
import { UserError } from "../../errors/user-error";
import { writeAtOnce } from "../../system/write-at-once";
import type { Command } from "../command";

/** What became of one entry. */
interface Change {
  readonly reference: string;
  readonly change: "added" | "updated" | "kept";
  readonly manifest: string;
  /** Versions of its services by their names, of the entry before and the one now. */
  readonly from?: Readonly<Record<string, number>> | undefined;
  readonly to?: Readonly<Record<string, number>> | undefined;
}

export const lock: Command = {
  summary: "Pins the plugins of registries that wplug.json files, or the arguments, name.",
  usage: "[oci://HOST/NAME:TAG …]",
  arguments: [0, Infinity],
  options: {
    update: {
      type: "boolean",
      description: "Pins anew what tags stand for now: all, or those that are named.",
    },
    frozen: {
      type: "boolean",
      description: "Changes nothing, and fails if something is not pinned. For CI.",
    },
    lockfile: {
      type: "string",
      value: "FILE",
      description: `The lockfile; ${LOCKFILE} unless given.`,
    },
  },
  async run(args, { folder }) {
    const path = resolve(folder, args.text("lockfile") ?? LOCKFILE);
    const isUpdate = args.flag("update");
    if (isUpdate && args.flag("frozen"))
      throw new UserError("--update and --frozen exclude each other");
    const named = args.positionals;
    return withOci(async (oci) => {
      for (const reference of named) oci.parseReference(reference);
      const last = (await oci.readLockfile(path)) ?? new Map<string, LockedPlugin>();
      const wanted = [...new Set([...last.keys(), ...registrySources(folder), ...named])].sort();
      const missing = wanted.filter((reference) => !last.has(reference));
      if (args.flag("frozen")) {
        const lines = missing.map((it) => `${it} is not in ${path}: run wplug lock`);
        return { json: { missing }, lines, ok: missing.length === 0 };
      }
      const next = new Map(last);
      const changes: Change[] = [];
      for (const reference of wanted) {
        const before = last.get(reference);
        const isDue = isUpdate && (named.length === 0 || named.includes(reference));
        if (before !== undefined && !isDue) {
          changes.push({ reference, change: "kept", manifest: before.manifest });
          continue;
        }
        const { manifest, layer, size, services } = await oci.resolvePlugin(reference);
        next.set(reference, { manifest, layer, size });
        const isSame = before?.manifest === manifest;
        changes.push({
          reference,
          change: before === undefined ? "added" : isSame ? "kept" : "updated",
          manifest,
          from:
            before === undefined || isSame ? undefined : await servicesOf(oci, reference, before),
          to: services,
        });
      }
      await writeAtOnce(path, Buffer.from(oci.formatLockfile(next)));
      return { json: { lockfile: path, plugins: changes }, lines: changes.map(lineOf) };
    });
  },
};

/** What a reference stood for; undefined if the registry has it no more. */
async function servicesOf(
  oci: Oci,
  reference: string,
  { manifest }: LockedPlugin,
): Promise<Readonly<Record<string, number>> | undefined> {
  const { host, name } = oci.parseReference(reference);
  try {
    return (await oci.resolvePlugin(`oci://${host}/${name}@${manifest}`)).services;
  } catch {
    return undefined;
  }
}

function lineOf({ reference, change, manifest, from, to }: Change): string {
  const line = `${change.padEnd(7)}  ${reference}  ${manifest.slice(0, 19)}`;
  if (to === undefined || Object.keys(to).length === 0) return line;
  const versions = Object.entries(to).map(([name, version]) => {
    const before = from?.[name];
    return before === undefined || before === version
      ? `${name} ${version}`
      : `${name} ${before} → ${version}: a new version of the contract`;
  });
  return `${line}  ${versions.join(", ")}`;
}
