import type { Contract, ContractFile, HostService } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
import { hostServiceCode, hostServiceNames, type HostServiceNames } from "./host-service-code";
import { Imports } from "./imports";
import type { PrintFile, Statements } from "./print-file";
import { serviceCode, serviceNames, type ServiceNames } from "./service-code";

/** `X.host.ts`: what a host needs to load and call the plugins of a file's services, and to offer functions to them. */
export function hostFile(file: ContractFile, contract: Contract, print: PrintFile): GeneratedFile {
  const names = fileNames(file);
  const imports = new Imports(file, allNames(names), "services");
  const hostServices = contract.files.flatMap(({ hostService }) => hostService ?? []);
  const own = file.hostService;
  const body = [
    ...(own === undefined || names.host === undefined
      ? []
      : hostServiceCode(own, names.host, imports)),
    ...file.pluginServices.flatMap((service) => {
      const serviceNames = names.services.get(service.name);
      return serviceNames === undefined
        ? []
        : serviceCode(
            service,
            serviceNames,
            { names: names.host, services: hostServices },
            imports,
          );
    }),
  ];
  const statements: Statements = [...imports.declarations(), ...body];
  return print(`${file.stem}.host.ts`, file.path, statements);
}

/** Names that `X.host.ts` exports. */
export function hostExports(file: ContractFile): string[] {
  const { services, host } = fileNames(file);
  return [
    ...(host === undefined ? [] : [host.interface, host.provide]),
    ...[...services.values()].flatMap((names) => [names.interface, names.sync, names.loader]),
  ];
}

interface FileNames {
  readonly services: ReadonlyMap<string, ServiceNames>;
  readonly host: HostServiceNames | undefined;
}

function allNames({ services, host }: FileNames): string[] {
  return [
    ...[...services.values()].flatMap((it) => Object.values(it)),
    ...Object.values(host ?? {}),
  ];
}

function fileNames({ pluginServices, hostService }: ContractFile): FileNames {
  // A service's own name belongs to it even if it is what another one derives, as in Greeter and GreeterSync.
  const all: readonly (HostService | (typeof pluginServices)[number])[] =
    hostService === undefined ? pluginServices : [...pluginServices, hostService];
  const taken = new Set(all.map(({ name }) => name));
  return {
    services: new Map(
      pluginServices.map((service) => [service.name, serviceNames(service, taken)]),
    ),
    host: hostService === undefined ? undefined : hostServiceNames(hostService, taken),
  };
}
