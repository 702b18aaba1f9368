import type { PluginInspection } from "@wplug/runtime/oci" with { "resolution-mode": "import" };

import type { DescribedMethod, DescribedService } from "./described-services";
import { permissionsOf } from "./permissions";

/** What an inspection is printed from. */
export interface InspectedPlugin {
  readonly inspection: PluginInspection;
  /** Its contract; empty if it does not tell it. */
  readonly described: readonly DescribedService[];
}

/** Parts that are shown. The others are shown together. */
const MOST_PARTS = 8;

/** What a plugin is, for people. */
export function formatInspection({ inspection, described }: InspectedPlugin): string[] {
  const { wasi, hostFunctions, memory, exports } = inspection;
  const permissions = permissionsOf(wasi, hostFunctions);
  return [
    `made by    ${makers(inspection).join(", ")}`,
    ...inspection.services.flatMap((service) => formatService(service, described)),
    ...(inspection.services.length > 0
      ? []
      : [`service    none: it exports ${exports.join(", ") || "nothing"}`]),
    ...(hostFunctions.length === 0 ? ["needs      no host functions"] : []),
    ...hostFunctions.flatMap((name) => formatHostFunction(name, described)),
    `WASI       ${wasi.join(", ") || "none"}`,
    ...listed(
      "may ask",
      permissions.length === 0 ? ["for nothing"] : permissions.map((it) => `for ${it}`),
    ),
    ...(memory === undefined ? [] : [`memory     ${formatMemory(memory)}`]),
    ...listed("size", formatParts(inspection)),
  ];
}

/** Generator, language and tools, each once: the section and the producers that compilers write may tell the same. */
function makers({ toolchain, section, producers }: PluginInspection): string[] {
  const { generator, language, tools } = (section ?? {}) as Record<string, unknown>;
  const named = [
    ...Object.entries((tools ?? {}) as Record<string, unknown>),
    ...producers.map(({ name, version }) => [name, version] as const),
  ].map(([name, version]) => `${name} ${String(version)}`.trim());
  const isNamed = (word: string) =>
    named.some((it) => it.split(" ", 1)[0]?.toLowerCase() === word.toLowerCase());
  const unversioned = [
    typeof generator === "string" ? generator : toolchain,
    ...(typeof language === "string" ? [language] : []),
  ].filter((word) => !isNamed(word));
  const all = [...new Set([...unversioned, ...named])];
  // Which only says that it is none of those that are known.
  const known = all.filter((it) => it !== "other");
  return known.length === 0 ? ["unknown tools"] : known;
}

function formatService(
  service: PluginInspection["services"][number],
  described: readonly DescribedService[],
): string[] {
  const { name, typeName = name, version, methods } = service;
  const known = version === undefined ? "" : ` ${version}`;
  const own = described.find((it) => it.type === "plugin" && it.typeName === typeName);
  if (own === undefined) return [`service    ${typeName}${known}: ${methods.join(", ")}`];
  return [
    `service    ${typeName}${known}`,
    ...comment(own.comment, 2),
    ...own.methods.flatMap((method) => {
      const missing = methods.includes(method.wasmName.slice(name.length + 1))
        ? ""
        : ": not in this plugin";
      return [`  ${signature(method)}${missing}`, ...comment(method.comment, 4)];
    }),
  ];
}

function formatHostFunction(name: string, described: readonly DescribedService[]): string[] {
  const method = described
    .filter(({ type }) => type === "host")
    .flatMap(({ methods }) => methods)
    .find(({ wasmName }) => wasmName === name);
  if (method === undefined) return [`needs      ${name}`];
  return [`needs      ${name}: ${signature(method)}`, ...comment(method.comment, 4)];
}

function signature({ name, input, output }: DescribedMethod): string {
  return `${name}(${input}) returns (${output})`;
}

function comment(lines: readonly string[], indentation: number): string[] {
  return lines.map((line) => `${" ".repeat(indentation)}// ${line}`.trimEnd());
}

function formatMemory({ initial, maximum }: NonNullable<PluginInspection["memory"]>): string {
  const most = maximum === undefined ? "" : `, ${maximum} at most`;
  return `${initial} bytes at first${most}`;
}

function formatParts({ parts }: PluginInspection): string[] {
  if (parts === undefined) return [];
  const header = 8;
  const sorted = [...parts].sort((a, b) => b.size - a.size);
  const rest = sorted.slice(MOST_PARTS);
  const sum = (all: readonly { readonly size: number }[]) =>
    all.reduce((total, { size }) => total + size, 0);
  return [
    `${sum(parts) + header} bytes`,
    ...sorted.slice(0, MOST_PARTS).map(({ name, size }) => `  ${name} ${size}`),
    ...(rest.length === 0 ? [] : [`  ${rest.length} other parts ${sum(rest)}`]),
  ];
}

/** Lines beside a word, which stands in the first. */
function listed(word: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${(i === 0 ? word : "").padEnd(11)}${line}`);
}
