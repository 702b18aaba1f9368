import { resolve } from "node:path";

import type { LockedPlugin, ResolvedPlugin } from "@wplug/runtime/oci";

import { withOci, type Oci } from "../../distribution/load-oci";
import { LOCKFILE, registrySources } from "../../distribution/workspace-plugins";
import { UserError } from "../../errors/user-error";
import { writeAtOnce } from "../../system/write-at-once";
import type { Command } from "../command";

/** What became of one entry. */
interface Change {
  readonly reference: string;
  readonly change: "added" | "updated" | "kept" | "removed";
  readonly manifest: string;
  /** Digest before, if it changed. */
  readonly last?: string | undefined;
  /** Version of the plugin, if it has one: of the entry before, and the one now. */
  readonly versions?: readonly (string | undefined)[];
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
    prune: {
      type: "boolean",
      description:
        "Takes out what no wplug.json names, nor an argument: what code names is given as one.",
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
    const isPrune = args.flag("prune");
    if (args.flag("frozen") && (isUpdate || isPrune)) {
      throw new UserError(`--${isUpdate ? "update" : "prune"} and --frozen exclude each other`);
    }
    const named = args.positionals;
    return withOci(async (oci) => {
      for (const reference of named) oci.parseReference(reference);
      const last = (await oci.readLockfile(path)) ?? new Map<string, LockedPlugin>();
      const inUse = new Set([...registrySources(folder), ...named]);
      const wanted = (isPrune ? [...inUse] : [...new Set([...last.keys(), ...inUse])]).sort();
      const unused = [...last].filter(([reference]) => !wanted.includes(reference));
      const missing = wanted.filter((reference) => !last.has(reference));
      if (args.flag("frozen")) {
        const lines = missing.map((it) => `${it} is not in ${path}: run wplug lock ${it}`);
        return { json: { missing }, lines, ok: missing.length === 0 };
      }
      if (wanted.length === 0 && unused.length === 0) {
        const line = `nothing to pin: no wplug.json below ${folder} names plugins of registries; name one, oci://HOST/NAME:TAG`;
        return { json: { lockfile: path, plugins: [] }, lines: [line] };
      }
      const next = new Map(last);
      const changes: Change[] = [];
      for (const [reference, { manifest }] of unused) {
        next.delete(reference);
        changes.push({ reference, change: "removed", manifest });
      }
      for (const reference of wanted) {
        const before = last.get(reference);
        const isDue = isUpdate && (named.length === 0 || named.includes(reference));
        if (before !== undefined && !isDue) {
          changes.push({ reference, change: "kept", manifest: before.manifest });
          continue;
        }
        const now = await oci.resolvePlugin(reference);
        const { manifest, layer, size } = now;
        next.set(reference, { manifest, layer, size });
        if (before === undefined || before.manifest === manifest) {
          const change = before === undefined ? "added" : "kept";
          changes.push({ reference, change, manifest, versions: [now.version], to: now.services });
          continue;
        }
        const then = await resolveBefore(oci, reference, before);
        changes.push({
          reference,
          change: "updated",
          manifest,
          last: before.manifest,
          versions: [then?.version, now.version],
          from: then?.services,
          to: now.services,
        });
      }
      await writeAtOnce(path, Buffer.from(oci.formatLockfile(next)));
      return { json: { lockfile: path, plugins: changes }, lines: changes.map(lineOf) };
    });
  },
};

/** What a reference stood for; undefined if the registry has it no more. */
async function resolveBefore(
  oci: Oci,
  reference: string,
  { manifest }: LockedPlugin,
): Promise<ResolvedPlugin | undefined> {
  const { host, name } = oci.parseReference(reference);
  try {
    return await oci.resolvePlugin(`oci://${host}/${name}@${manifest}`);
  } catch {
    return undefined;
  }
}

function lineOf({ reference, change, manifest, last, versions = [], from, to }: Change): string {
  const digests = [last, manifest].filter((it) => it !== undefined).map((it) => it.slice(0, 19));
  const known = [...new Set(versions.filter((it) => it !== undefined))];
  return [
    change.padEnd(7),
    reference,
    digests.join(" → "),
    known.join(" → "),
    changesOf(from ?? {}, to ?? {}).join(", "),
  ]
    .filter((it) => it !== "")
    .join("  ");
}

/** What becomes of the contract's services: a host of the one version does not load a plugin of the other. */
function changesOf(
  from: Readonly<Record<string, number>>,
  to: Readonly<Record<string, number>>,
): string[] {
  const gone = Object.keys(from).filter((name) => !(name in to));
  return [
    ...Object.entries(to).map(([name, version]) => {
      const before = from[name];
      return before === undefined || before === version
        ? `${name} ${version}`
        : `${name} ${before} → ${version}: a new version of the contract`;
    }),
    ...gone.map((name) => `${name} ${from[name]} is gone`),
  ];
}
