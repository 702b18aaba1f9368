import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { ContractFile } from "../../contract/contract";
import type { Protos } from "../../contract/read-contract";
import type { GeneratedFile } from "../../generated/generated-file";
import { generatedMarker, wplugVersion } from "../../generated/header";
import { identifier } from "./rust-names";
import { enumItems } from "./sdk/enum-code";
import { messageItems, type PlacedItem } from "./sdk/message-code";
import { docLines, indent, type Lines, separated } from "./sdk/rust-code";
import { ABI_MODULE, type RustPath, RustTypes } from "./sdk/rust-types";
import { hostServiceItems, pluginServiceItems } from "./sdk/service-code";

/**
 * What depends on the names and comments of protos, or on which of it a plugin uses. Nothing of it is the plugin's author's to
 * mend.
 */
const ALLOWED = [
  "dead_code",
  "deprecated",
  "nonstandard_style",
  "rustdoc::all",
  // Features that Cargo.toml of the plugin does not have.
  "unexpected_cfgs",
  "unused_imports",
  "unused_macros",
  "clippy::doc_lazy_continuation",
  "clippy::doc_overindented_list_items",
  "clippy::enum_variant_names",
  "clippy::large_enum_variant",
  "clippy::module_inception",
  "clippy::tabs_in_doc_comments",
  "clippy::too_long_first_doc_paragraph",
  "clippy::wrong_self_convention",
];

/**
 * Generates the Rust SDK of a contract: a module for each package, and the ABI.
 *
 * A crate finds no code in npm packages, so what a contract imports from others lies in the plugin with it.
 */
export function emitSdk({
  contract,
  imported,
}: Pick<Protos, "contract" | "imported">): GeneratedFile[] {
  const files = [...imported, ...contract.files];
  const types = new RustTypes(files);
  const items = files.flatMap((file) => fileItems(file, types));
  const modules = types.packageModules();
  return [
    ...modules.map((module) => ({
      path: module.length === 0 ? "mod.rs" : `${module.join("/")}.rs`,
      content: print([
        ...(module.length === 0 ? rootLines() : []),
        separated([childModules(module, modules), ...within(module, items, modules)]),
      ]),
    })),
    ...ABI_SOURCES.map(([source, path]) => ({
      path,
      content: print([abiSource(source).trimEnd().split("\n")]),
    })),
  ];
}

function fileItems(file: ContractFile, types: RustTypes): PlacedItem[] {
  const module = types.module(file.package);
  return [
    ...file.messages.flatMap((message) => messageItems(message, types)),
    ...file.enums.flatMap((it) => enumItems(it, types)),
    ...file.pluginServices.flatMap((service) => pluginServiceItems(service, module, types)),
    ...(file.hostService === undefined ? [] : hostServiceItems(file.hostService, module, types)),
  ];
}

function print(parts: readonly Lines[]): string {
  const first = `${generatedMarker}${wplugVersion()} from the contract's protos. Do not edit.`;
  return [[first], ...parts]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function rootLines(): Lines[] {
  return [
    docLines(
      ["The contract, for this plugin: `mod gen;` belongs into the root of its crate."],
      "//!",
    ),
    [
      "#![allow(",
      ...ALLOWED.map((lint, index) => `    ${lint}${index + 1 < ALLOWED.length ? "," : ""}`),
      ")]",
    ],
  ];
}

/** Declarations of the modules that have files of their own. */
function childModules(module: RustPath, modules: readonly RustPath[]): string[] {
  const children = modules
    .filter((it) => it.length === module.length + 1 && isWithin(it, module))
    .map((it) => it.at(-1) ?? "");
  return [...children, ...(module.length === 0 ? [ABI_MODULE] : [])]
    .sort()
    .map((name) => `pub mod ${identifier(name)};`);
}

/** The items of a module, and the modules in it that have no file of their own. */
function within(
  module: RustPath,
  items: readonly PlacedItem[],
  files: readonly RustPath[],
): Lines[] {
  const isFile = new Set(files.map((it) => it.join("::")));
  const own = items.filter((it) => isSame(it.module, module)).map(({ lines }) => lines);
  const inner = new Map<string, RustPath>();
  for (const { module: deeper } of items) {
    if (deeper.length <= module.length || !isWithin(deeper, module)) continue;
    const child = deeper.slice(0, module.length + 1);
    if (!isFile.has(child.join("::"))) inner.set(child.join("::"), child);
  }
  const nested = [...inner.values()].map((child) => [
    `/// What belongs to the message of this name.`,
    `pub mod ${identifier(child.at(-1) ?? "")} {`,
    ...indent(separated(within(child, items, files))),
    "}",
  ]);
  return [...own, ...nested];
}

function isWithin(module: RustPath, outer: RustPath): boolean {
  return outer.every((name, index) => module[index] === name);
}

function isSame(a: RustPath, b: RustPath): boolean {
  return a.length === b.length && isWithin(a, b);
}

/** Files of the crate that has the ABI, and of the SDK. */
const ABI_SOURCES = [
  ["lib.rs", `${ABI_MODULE}.rs`],
  ["allocator.rs", `${ABI_MODULE}/allocator.rs`],
  ["conversions.rs", `${ABI_MODULE}/conversions.rs`],
] as const;

/** A source of the crate that has the ABI, without its tests: in the SDK, it is a dependency less. */
function abiSource(name: string): string {
  const runtime = dirname(require.resolve("@wplug/runtime/package.json"));
  const source = readFileSync(join(runtime, "rust/src", name), "utf8");
  return source.slice(0, source.indexOf("#[cfg(test)]"));
}
