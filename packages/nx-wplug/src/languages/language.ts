import type { TargetConfiguration, Tree } from "@nx/devkit";

import type { Contract } from "../contract/contract";
import type { ImportedProtos } from "../contract/proto-sources";
import type { Protos } from "../contract/read-contract";
import type { Diagnostic } from "../errors/contract-error";
import type { GeneratedFile } from "../generated/generated-file";
import type { GeneratedMark } from "../generated/write-files";
import type { PluginSections } from "../wasm/write-plugin";
import type { NewContract, NewPlugin } from "./new-plugin";

/**
 * What plugins can be written in: all that graph, generators and executors know of it. Each is in a folder of its own, and
 * `index.ts` lists them.
 *
 * The object itself is loaded whenever Nx computes its graph, so it must not load anything that takes time: jobs import what
 * they need when they are called.
 */
export interface Language {
  /** What wplug.json and `nx g wplug:plugin --language` call it. */
  readonly name: string;
  /** What people call it: `AssemblyScript`. Names that share a title are one language, with several compilers. */
  readonly title: string;
  readonly memory: MemoryRules;
  /** Whether the build runs the plugin's top level, unless `start` in wplug.json says that loading does. */
  readonly runsAtBuild?: true;
  readonly sdk: ContractSdk | PluginSdk;
  /** What the target `build` of a plugin depends on. */
  readonly buildInputs: (plugin: PluginInGraph) => TaskInputs;
  /**
   * Checks that there is what generates and compiles, before the SDK is generated and when a plugin does not compile. `npmAlone` where
   * that is nothing but npm packages.
   *
   * @param folder absolute folder of the plugin
   * @throws UserError that says what to install and where
   */
  readonly checkToolchain: (folder: string) => Promise<void>;
  /**
   * Compiles a plugin. The same sources give the same bytes, on any machine and in any folder. The module is written only
   * if there are no mistakes, and at once: see `writePlugin`.
   *
   * @throws UserError if something is missing
   */
  readonly compile: (job: CompileJob) => Promise<CompileResult>;
  /** Names and versions of what compiles it, where the compiler itself does not write those into the module (`producers`). */
  readonly tools?: () => Promise<Readonly<Record<string, string>>>;
  /** Adds the sources that a new plugin begins with, all but its tests. Files that exist stay as they are. */
  readonly addToPlugin: (tree: Tree, plugin: NewPlugin) => Promise<void>;
}

/** A language whose SDK lies in the contract, or in the plugin. */
export interface LanguageWith<Sdk extends ContractSdk | PluginSdk> extends Language {
  readonly sdk: Sdk;
}

/**
 * Who frees memory: everyone as the ABI says (`abi`), or by rules that hosts have for this toolchain alone and know it by,
 * as the custom section `wplug` of every plugin has the language's name (`toolchain`).
 *
 * @see docs/abi.md, Memory
 */
export type MemoryRules = "abi" | "toolchain";

/** An SDK that lies in the contract, for all of its plugins: those can import from an npm package. */
export interface ContractSdk {
  readonly place: "contract";
  /** Where it is generated, relative to the contract's project: `assembly/gen`. */
  readonly folder: string;
  /** What plugins import: a subpath of the contract's package, and the file that it is, relative to the project. */
  readonly entry: { readonly subpath: string; readonly file: string };
  /**
   * The tsconfig.json that editors find other projects by, relative to the project of a contract or plugin; undefined where
   * TypeScript itself reads the sources, and so the tsconfig.json of the project.
   */
  readonly tsconfig: string | undefined;
  /** What `protoc-gen-wplug` calls it: the value of its option, and the folder where it generates several SDKs. */
  readonly protoc: { readonly target: string; readonly folder: string };
  /** npm packages that every contract and plugin needs to develop: name -> version. */
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Generates it, with paths relative to `folder`. The same contract gives the same bytes. */
  readonly emit: (contract: Contract) => Promise<readonly GeneratedFile[]>;
  /** Adds to a new contract what is not generated: `entry`, say. Files that exist stay as they are. */
  readonly addToContract: (tree: Tree, contract: NewContract) => Promise<void>;
}

/** An SDK that lies in each plugin, which then has a target `generate`: the language does not import from npm packages. */
export interface PluginSdk {
  readonly place: "plugin";
  /** Where it is generated, relative to the plugin's project: `gen`. */
  readonly folder: string;
  /** How its generated files are known, by which an earlier run's are removed. */
  readonly mark: GeneratedMark;
  /** What the target `generate` depends on, beside the protos, wplug.json and wplug itself. */
  readonly inputs: Inputs;
  /**
   * Generates it, with paths relative to `folder`. The contract has no gaps.
   *
   * @throws UserError if something is missing
   */
  readonly emit: (job: PluginSdkJob) => Promise<readonly GeneratedFile[]>;
  /**
   * What the SDK can't take of a contract that wplug itself can. A message completes the sentence "greeter-plugin is in Go,
   * and …". Paths are as protobuf knows them.
   */
  readonly findGaps: (protos: Protos) => Promise<readonly Diagnostic[]>;
}

export interface PluginSdkJob {
  /** Name of the plugin's project, for errors. */
  readonly plugin: string;
  /** Absolute folder of the plugin. */
  readonly folder: string;
  readonly protos: Protos;
}

export type Inputs = NonNullable<TargetConfiguration["inputs"]>;

/** What a task depends on. */
export interface TaskInputs {
  /** As a target has them: https://nx.dev/reference/inputs */
  readonly inputs: Inputs;
  /** npm packages whose version counts, or whose files where they are projects of the workspace. */
  readonly packages: readonly string[];
}

/** A plugin, as the project graph knows it. */
export interface PluginInGraph {
  /** Folders of its contract and of those that it imports, relative to the workspace's root; none if there is no such project. */
  readonly contractRoots: readonly string[];
  /** The protos of these, as inputs. */
  readonly protos: readonly string[];
}

export interface CompileJob {
  /** Absolute. Paths in messages are relative to it. */
  readonly workspaceRoot: string;
  readonly plugin: CompiledProject;
  readonly contract: CompiledProject;
  /** Contracts whose messages that one uses. */
  readonly imports: readonly ImportedProtos[];
  /** The author's module, relative to the plugin's folder, where the user named one. */
  readonly main: string | undefined;
  /** When the top level runs, where the language has the choice. */
  readonly start: PluginStart;
  /** What the plugin tells of itself. To be asked for while the compiler runs. */
  readonly section: () => Promise<PluginSections>;
  /** Absolute path of the module. Its folder is made where there is none. */
  readonly outFile: string;
}

/** When the top level of a plugin runs: once, when it is built, or each time when it is loaded. */
export type PluginStart = "build" | "load";

export interface CompiledProject {
  readonly name: string;
  /** Relative to the workspace's root, with forward slashes. */
  readonly root: string;
  /** Absolute. */
  readonly folder: string;
}

export type CompileResult =
  | {
      readonly ok: true;
      /** Bytes of the module. */
      readonly size: number;
      /** Warnings, for people. */
      readonly messages: readonly string[];
    }
  | {
      readonly ok: false;
      /** What is wrong, for people: with file, line and column. */
      readonly messages: readonly string[];
    };

/** `checkToolchain` of a language that npm brings all of: a missing package is an error of its import. */
export const npmAlone = (): Promise<void> => Promise.resolve();

/**
 * All files of a plugin, for languages that may build any of them into it, but for those that only its tests, Nx and people read.
 *
 * @param others patterns of files, relative to the project, that are no part of it either
 */
export function filesOfPlugin(others: readonly string[] = []): Inputs {
  const left = [
    ...others,
    "test/**/*",
    "*.md",
    "package.json",
    "project.json",
    "tsconfig.json",
    "jest.config.cjs",
  ];
  return ["{projectRoot}/**/*", ...left.map((pattern) => `!{projectRoot}/${pattern}`)];
}
