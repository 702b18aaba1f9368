import type { ContractFile } from "../contract";
import type { GeneratedFile } from "../generated-file";
import { Imports } from "./imports";
import type { PrintFile, Statements } from "./print-file";
import { serviceCode, serviceNames, type ServiceNames } from "./service-code";

/** `X.host.ts`: what a host needs to load and call the plugins of a file's services. */
export function hostFile(file: ContractFile, print: PrintFile): GeneratedFile {
  const names = fileNames(file);
  const imports = new Imports(file, [...names.values()].flatMap(allNames), "services");
  const body = file.pluginServices.flatMap((service) => {
    const own = names.get(service.name);
    return own === undefined ? [] : serviceCode(service, own, imports);
  });
  const statements: Statements = [...imports.declarations(), ...body];
  return print(`${file.stem}.host.ts`, file.path, statements);
}

/** Names that `X.host.ts` exports. */
export function hostExports(file: ContractFile): string[] {
  return [...fileNames(file).values()].flatMap((names) => [
    names.interface,
    names.sync,
    names.loader,
  ]);
}

function allNames(names: ServiceNames): string[] {
  return [names.interface, names.sync, names.loader, names.descriptor];
}

function fileNames(file: ContractFile): Map<string, ServiceNames> {
  // A service's own name belongs to it even if it is what another one derives, as in Greeter and GreeterSync.
  const taken = new Set(file.pluginServices.map(({ name }) => name));
  return new Map(
    file.pluginServices.map((service) => [service.name, serviceNames(service, taken)]),
  );
}
