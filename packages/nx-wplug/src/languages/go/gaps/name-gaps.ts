import type { DescMethod } from "@bufbuild/protobuf";

import type { ContractFile } from "../../../contract/contract";
import { goName } from "../../../contract/model/names";
import type { Position } from "../../../contract/model/proto-source";
import type { Diagnostic } from "../../../errors/contract-error";
import { GO_KEYWORDS, goPackage } from "../go-names";
import { type AnnotatedService, type GoSource, servicesOf } from "./go-source";

/** Names that go-plugin's code for plugins needs for itself, once their first letter is small. */
const TAKEN = { plugin: ["init", "b"], host: ["init", "error"] };

/** Names of services and rpcs that go-plugin makes words of Go of. */
export function findWordsOfGo({ source, file }: GoSource): Diagnostic[] {
  const gaps: Diagnostic[] = [];
  const add = (position: Position, message: string) => void gaps.push({ ...position, message });
  for (const { desc: service, kind } of servicesOf(file, source.file)) {
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

/** Names that go-plugin makes of two things in one Go package. */
export function findSameNames(sources: readonly GoSource[]): Diagnostic[] {
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

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
