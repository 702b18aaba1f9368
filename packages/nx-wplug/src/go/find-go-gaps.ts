import {
  createFileRegistry,
  type DescFile,
  type DescMethod,
  type DescService,
} from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";

import type { ContractFile, Protos } from "../codegen";
import type { Diagnostic } from "../codegen/contract-error";
import { goName } from "../codegen/model/names";
import { part, type Position, ProtoSource } from "../codegen/model/proto-source";
import { goDescriptors } from "./go-descriptors";
import { GO_KEYWORDS, goPackage } from "./go-names";

/** Files of well-known types that go-plugin has no Go package for, and what can take their place. */
const MISSING: Readonly<Record<string, string>> = {
  "google/protobuf/field_mask.proto": "no FieldMask: use a repeated string of paths",
  "google/protobuf/api.proto": "no Api, Method and Mixin: use messages of your own",
};

/** Names that go-plugin's code for plugins needs for itself, once their first letter is small. */
const TAKEN = { plugin: ["init", "b"], host: ["init", "error"] };

/** A file of the contract that code is generated for. */
interface GoSource {
  readonly source: ProtoSource;
  readonly file: ContractFile;
  /** Files that its messages and services need. */
  readonly imports: readonly string[];
}

/**
 * What go-plugin's generator refuses, or makes code of that does not compile in a plugin, in a contract that wplug itself
 * can take. Each was seen with go-plugin 0.9.0.
 */
export function findGoGaps({ descriptors, paths, contract }: Protos): Diagnostic[] {
  const { files, filesToGenerate } = goDescriptors(descriptors, paths);
  const registry = createFileRegistry(descriptors);
  const sources = filesToGenerate.flatMap((path): GoSource[] => {
    const desc = registry.getFile(path);
    const file = contract.files.find((it) => it.path === path);
    if (desc === undefined || file === undefined) return [];
    const imports = files.find(({ name }) => name === path)?.dependency ?? [];
    return [{ source: new ProtoSource(desc), file, imports }];
  });
  return [...sources.flatMap(gapsOfFile), ...findSameFiles(sources), ...findSameNames(sources)];
}

function gapsOfFile({ source, file, imports }: GoSource): Diagnostic[] {
  const gaps: Diagnostic[] = [];
  const add = (position: Position, message: string) => void gaps.push({ ...position, message });
  const desc = source.file;
  if (desc.edition !== Edition.EDITION_PROTO3) {
    const message = 'go-plugin does not know editions: write syntax = "proto3"; instead';
    add(source.position(desc, part.fileEdition), message);
  }
  for (const path of imports) {
    const reason = MISSING[path];
    if (reason === undefined) continue;
    const index = desc.proto.dependency.indexOf(path);
    const position = index < 0 ? [] : [part.fileDependency, index];
    add(source.position(desc, ...position), `go-plugin has ${reason}`);
  }
  for (const { desc: service, kind } of servicesOf(file, desc)) {
    const name = lowerFirst(goName(service.name));
    if (GO_KEYWORDS.has(name) || TAKEN[kind].includes(name)) {
      add(source.position(service), `a service can't be called ${service.name} there: rename it`);
    }
    if (kind === "host") continue;
    for (const method of service.methods) {
      if (!GO_KEYWORDS.has(goName(method.name).toLowerCase())) continue;
      add(source.position(method), `an rpc can't be called ${method.name} there: rename it`);
    }
  }
  return gaps;
}

/** Files that would be generated into one: where they are in Go follows from their package, not from their folder. */
function findSameFiles(sources: readonly GoSource[]): Diagnostic[] {
  const seen = new Map<string, string>();
  return sources.flatMap(({ source, file: { path, package: protoPackage } }) => {
    const target = `${goPackage(protoPackage).folder}/${path.replace(/^.*\//, "")}`;
    const other = seen.get(target);
    seen.set(target, path);
    if (other === undefined) return [];
    const message = `${other} has the same name and package, which is one file in Go: rename one of the two`;
    return [{ ...source.position(source.file, part.filePackage), message }];
  });
}

/** Names that go-plugin makes of two things in one Go package. */
function findSameNames(sources: readonly GoSource[]): Diagnostic[] {
  const gaps: Diagnostic[] = [];
  const seen = new Map<string, string>();
  const claim = (scope: string, name: string, what: string, position: Position) => {
    const key = `${scope} ${name}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, what);
    else gaps.push({ ...position, message: `${what} and ${other} get one name: rename one` });
  };
  for (const { source, file } of sources) {
    const scope = goPackage(file.package).folder;
    for (const message of source.file.messages) {
      const what = `the message ${message.name}`;
      claim(scope, goName(message.name), what, source.position(message));
    }
    for (const { desc, kind } of servicesOf(file, source.file)) {
      const position = source.position(desc);
      const what = `what ${desc.name} needs`;
      for (const name of helperNames(goName(desc.name), kind)) claim(scope, name, what, position);
      if (kind === "plugin") continue;
      for (const method of desc.methods) {
        const name = `${desc.name}.${method.name}`;
        claim(scope, hostFunctionName(file, method), name, source.position(method));
      }
    }
  }
  return gaps;
}

/** Functions and constants that a plugin's code has for a service. */
function helperNames(service: string, kind: AnnotatedService["kind"]): string[] {
  return kind === "host" ? [`New${service}`] : [`Register${service}`, `${service}PluginAPIVersion`];
}

function hostFunctionName({ hostService }: ContractFile, { name }: DescMethod): string {
  const method = hostService?.methods.find(({ protoName }) => protoName === name);
  return `_${method?.wasmName ?? name}`;
}

interface AnnotatedService {
  readonly desc: DescService;
  readonly kind: "plugin" | "host";
}

/** go-plugin does nothing with services that are not annotated. */
function servicesOf(
  { pluginServices, hostService }: ContractFile,
  { services }: DescFile,
): AnnotatedService[] {
  const plugins = new Set(pluginServices.map(({ typeName }) => typeName));
  return services.flatMap((desc): AnnotatedService[] => {
    if (plugins.has(desc.typeName)) return [{ desc, kind: "plugin" }];
    return desc.typeName === hostService?.typeName ? [{ desc, kind: "host" }] : [];
  });
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
