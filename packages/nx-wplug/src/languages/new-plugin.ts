import type { ContractFile, PluginService, TypeName } from "../contract/contract";

/** A plugin that a generator creates. */
export interface NewPlugin {
  /** Name of its project: `greeter-plugin`. */
  readonly name: string;
  /** `greeter` */
  readonly baseName: string;
  /** Folder relative to the workspace's root, with forward slashes. */
  readonly root: string;
  readonly contract: ContractReference;
  /** The plugin services that it implements. */
  readonly services: readonly ServiceOutline[];
  /** The files of its contract, for languages whose names depend on them. */
  readonly files: readonly FileOutline[];
}

/** A contract that a generator creates. */
export interface NewContract {
  /** Folder relative to the workspace's root, with forward slashes. */
  readonly root: string;
}

export interface ContractReference {
  /** Name of the project. */
  readonly name: string;
  /** Folder relative to the workspace's root. */
  readonly root: string;
  /** What it is imported by. */
  readonly importPath: string;
  /** The version of the package, if it is one that is installed and not a project. */
  readonly installed?: string;
}

/** A service as templates need it. */
export interface ServiceOutline {
  /** `Greeter` */
  readonly name: string;
  readonly methods: readonly MethodOutline[];
  /** The host service that its plugins may call. */
  readonly host: { readonly name: string; readonly methods: readonly MethodOutline[] } | undefined;
  /** Whether it is the service of a new contract, for which the scaffolds have more to say. */
  readonly isGreeter: boolean;
}

export interface MethodOutline {
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** As much of a file of a contract as is known before it is on disk. */
export interface FileOutline extends Pick<ContractFile, "path" | "package"> {
  readonly pluginServices: readonly (Pick<PluginService, "typeName"> & {
    readonly methods: readonly {
      readonly protoName: string;
      readonly input: TypeOutline;
      readonly output: TypeOutline;
    }[];
  })[];
}

export type TypeOutline = Pick<TypeName, "file" | "typeName">;
