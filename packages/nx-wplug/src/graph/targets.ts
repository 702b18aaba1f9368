import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix, relative, sep } from "node:path";

import type { TargetConfiguration } from "@nx/devkit";

import { CODE_DIGEST_FILE } from "../languages/assemblyscript/sdk/code-digest";
import { GO_OUT } from "../languages/go/go-names";
import type { GoCompiler } from "../languages/go/toolchain";
import {
  type ContractConfig,
  contractsOf,
  type HostConfig,
  type PluginConfig,
  type WplugConfig,
} from "../config/wplug-config";

/** A project with a wplug.json. */
export interface WplugProject {
  readonly name: string;
  /** Relative to the workspace's root, with forward slashes. */
  readonly root: string;
  readonly config: WplugConfig;
}

/** What the targets of a project depend on. */
export interface TargetSetting {
  readonly project: WplugProject;
  /** All wplug projects of the workspace. */
  readonly projects: readonly WplugProject[];
  /** Absolute. */
  readonly workspaceRoot: string;
  /** Whether @nx/js/typescript is registered, which infers a target `typecheck` of its own. */
  readonly typescriptPlugin: boolean;
}

type Targets = Record<string, TargetConfiguration>;

const GENERATED = { dependentTasksOutputFiles: "**/*.ts", transitive: true };
const WASM = { dependentTasksOutputFiles: "**/*.wasm", transitive: true };

export function contractTargets(config: ContractConfig, setting: TargetSetting): Targets {
  const { project } = setting;
  const plugins = pluginsOf([project.name], setting);
  const generated = config.commitGenerated ? [] : ["generate"];
  return {
    generate: {
      executor: "wplug:generate",
      cache: true,
      inputs: [
        `{projectRoot}/${posix.join(config.proto, "**/*.proto")}`,
        "{projectRoot}/wplug.json",
        // What plugins in Go can't follow is part of the output.
        ...goPluginsOf(project.name, setting).map(
          ({ root }) => `{workspaceRoot}/${root}/wplug.json`,
        ),
        ...packages(["wplug", "@bufbuild/buf"], setting),
      ],
      outputs: ["{projectRoot}/src/gen", "{projectRoot}/assembly/gen"],
      metadata: metadata("Generates the SDKs of this contract from its .proto files."),
    },
    "check-version": {
      executor: "wplug:check-version",
      // What git has as the base is no input that Nx could know.
      cache: false,
      metadata: metadata("Checks that a change that breaks plugins or hosts has a higher version."),
    },
    build: {
      command: "tsc -p tsconfig.lib.json",
      options: { cwd: "{projectRoot}" },
      dependsOn: generated,
      cache: true,
      inputs: ["default", GENERATED, ...packages(["typescript"], setting)],
      outputs: ["js", "js.map", "d.ts", "d.ts.map"].map(
        (type) => `{projectRoot}/dist/**/*.${type}`,
      ),
      metadata: metadata("Compiles the TypeScript SDK for those who publish it."),
    },
    ...testTarget(generated, [GENERATED], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTarget([...generated, ...buildsOf(plugins)], [project.name], setting),
  };
}

export function pluginTargets(config: PluginConfig, setting: TargetSetting): Targets {
  const generated = generatesOf([config.contract], setting);
  return {
    ...(config.language === "assemblyscript"
      ? assemblyScriptTargets(config, setting)
      : goTargets(config, config.language, setting)),
    ...testTarget(["build", ...generated], [GENERATED, WASM], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTarget(["build", ...generated], [config.contract], setting),
  };
}

function assemblyScriptTargets(config: PluginConfig, setting: TargetSetting): Targets {
  const { project, projects } = setting;
  const contract = projects.find(({ name }) => name === config.contract);
  return {
    build: {
      executor: "wplug:build",
      dependsOn: generatesOf([config.contract], setting),
      cache: true,
      inputs: [
        "{projectRoot}/assembly/**/*",
        "{projectRoot}/wplug.json",
        ...(contract === undefined
          ? []
          : [
              `{workspaceRoot}/${contract.root}/assembly/**/*`,
              `!{workspaceRoot}/${contract.root}/assembly/gen/**/*.ts`,
            ]),
        // Of the generated code what is not comments, from which the same wasm comes.
        { dependentTasksOutputFiles: `**/assembly/gen/${CODE_DIGEST_FILE}`, transitive: true },
        ...packages(
          ["wplug", "@wplug/runtime", "@wplug/well-known-types", "assemblyscript"],
          setting,
        ),
      ],
      outputs: wasmOutputs(project),
      metadata: metadata("Compiles this plugin to WebAssembly."),
    },
  };
}

/** The option names another file; without it, Nx leaves that output out. */
function wasmOutputs({ name }: WplugProject): string[] {
  return [`{projectRoot}/dist/${name}.wasm`, "{projectRoot}/{options.outputFile}"];
}

/** A plugin in Go has an SDK of its own, in its module: Go does not import from a package of npm. */
function goTargets(config: PluginConfig, compiler: GoCompiler, setting: TargetSetting): Targets {
  const { project, projects } = setting;
  const contract = projects.find(({ name }) => name === config.contract);
  const protos =
    contract?.config.type === "contract"
      ? [`{workspaceRoot}/${posix.join(contract.root, contract.config.proto, "**/*.proto")}`]
      : [];
  const goVersion = { runtime: "go env GOVERSION" };
  return {
    generate: {
      executor: "wplug:generate",
      cache: true,
      inputs: [
        ...protos,
        "{projectRoot}/wplug.json",
        "{projectRoot}/go.mod",
        "{projectRoot}/go.sum",
        goVersion,
        ...packages(["wplug", "@bufbuild/buf"], setting),
      ],
      outputs: [`{projectRoot}/${GO_OUT}`],
      metadata: metadata("Generates the Go SDK of this plugin's contract."),
    },
    build: {
      executor: "wplug:build",
      dependsOn: ["generate"],
      cache: true,
      inputs: [
        // A Go package may embed any file of its folder.
        "{projectRoot}/**/*",
        "!{projectRoot}/test/**/*",
        "!{projectRoot}/**/*_test.go",
        "!{projectRoot}/*.md",
        ...["package.json", "project.json", "tsconfig.json", "jest.config.cjs"].map(
          (file) => `!{projectRoot}/${file}`,
        ),
        "{workspaceRoot}/go.work",
        "{workspaceRoot}/go.work.sum",
        // The names of services are in the module.
        ...protos,
        { dependentTasksOutputFiles: "**/*.go" },
        { env: "GOFLAGS" },
        goVersion,
        ...(compiler === "tinygo" ? [{ runtime: "tinygo version" }] : []),
        ...packages(["wplug"], setting),
      ],
      outputs: wasmOutputs(project),
      metadata: metadata("Compiles this plugin to WebAssembly."),
    },
  };
}

export function hostTargets(config: HostConfig, setting: TargetSetting): Targets {
  const { project } = setting;
  const plugins = pluginsOf(config.contracts, setting);
  const generated = generatesOf(config.contracts, setting);
  const wasm = [
    ...plugins.map(({ name, root }) => posix.join(root, "dist", `${name}.wasm`)),
    ...vendoredPlugins(config.contracts, setting),
  ].map((path) => posix.relative(project.root, path));
  return {
    build: {
      executor: "wplug:bundle",
      dependsOn: generated,
      cache: true,
      inputs: ["default", "^default", GENERATED, ...packages(["wplug"], setting)],
      outputs: ["{projectRoot}/dist/main.mjs", "{projectRoot}/dist/main.mjs.map"],
      metadata: metadata("Bundles this host for Node."),
    },
    serve: {
      executor: "wplug:serve",
      options: { plugins: wasm },
      dependsOn: ["build", ...buildsOf(plugins)],
      metadata: metadata(
        "Runs this host with every plugin of its contracts, and builds them when sources change.",
      ),
    },
    ...testTarget([...generated, ...buildsOf(plugins)], [GENERATED, WASM], setting),
    ...typecheckTarget(generated, setting),
    ...handshakeTarget([...generated, ...buildsOf(plugins)], config.contracts, setting),
  };
}

type Dependencies = NonNullable<TargetConfiguration["dependsOn"]>;
type Inputs = NonNullable<TargetConfiguration["inputs"]>;

function testTarget(
  dependsOn: Dependencies,
  outputsOfTasks: Inputs,
  setting: TargetSetting,
): Targets {
  return {
    test: {
      command: "jest",
      options: { cwd: "{projectRoot}" },
      dependsOn,
      cache: true,
      inputs: [
        "default",
        "^default",
        ...outputsOfTasks,
        ...packages(["jest", "wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
      ],
      metadata: metadata("Runs this project's tests."),
    },
  };
}

/** Makes sure that a type check sees the generated code, whoever infers it. */
function typecheckTarget(dependsOn: Dependencies, setting: TargetSetting): Targets {
  const { project, workspaceRoot, typescriptPlugin } = setting;
  if (!existsSync(join(workspaceRoot, project.root, "tsconfig.json"))) return {};
  if (typescriptPlugin) return { typecheck: { dependsOn: ["^typecheck", ...dependsOn] } };
  return {
    typecheck: {
      command: "tsc --noEmit -p tsconfig.json",
      options: { cwd: "{projectRoot}" },
      dependsOn,
      cache: true,
      inputs: ["default", "^default", GENERATED, ...packages(["typescript"], setting)],
      metadata: metadata("Checks the types of this project's TypeScript."),
    },
  };
}

/** @param contracts whose plugins and hosts are brought together */
function handshakeTarget(
  dependsOn: Dependencies,
  contracts: readonly string[],
  setting: TargetSetting,
): Targets {
  const { project, projects } = setting;
  const isHost = project.config.type === "host";
  const hosts = isHost ? [project] : hostsOf(contracts, setting);
  // A host's functions may use the SDKs of its other contracts.
  const others = hosts
    .flatMap(({ config }) => (config.type === "host" ? config.contracts : []))
    .filter((name) => name !== project.name && !isCommitted(name, setting))
    .filter((contract) => projects.some(({ name }) => name === contract));
  return {
    handshake: {
      executor: "wplug:handshake",
      dependsOn: [
        ...dependsOn,
        ...(isHost || others.length === 0
          ? []
          : [{ projects: [...new Set(others)].sort(), target: "generate" }]),
      ],
      cache: true,
      inputs: [
        "{projectRoot}/wplug.json",
        GENERATED,
        WASM,
        ...vendoredPlugins(contracts, setting).map((path) => `{workspaceRoot}/${path}`),
        ...hosts.flatMap(({ root }) => [
          `{workspaceRoot}/${root}/src/**/*.ts`,
          `!{workspaceRoot}/${root}/src/**/*.spec.ts`,
          `{workspaceRoot}/${root}/wplug.json`,
        ]),
        ...packages(["wplug", "@wplug/runtime", "@wplug/well-known-types"], setting),
      ],
      outputs: ["{projectRoot}/dist/handshake.json", "{projectRoot}/dist/handshake.xml"],
      metadata: metadata("Checks that the plugins and hosts of a contract fit together."),
    },
  };
}

function hostsOf(contracts: readonly string[], { projects }: TargetSetting): WplugProject[] {
  return projects
    .filter(
      ({ config }) =>
        config.type === "host" && config.contracts.some((name) => contracts.includes(name)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function goPluginsOf(contract: string, setting: TargetSetting): WplugProject[] {
  return pluginsOf([contract], setting).filter(
    ({ config }) => config.type === "plugin" && config.language !== "assemblyscript",
  );
}

function pluginsOf(contracts: readonly string[], { projects }: TargetSetting): WplugProject[] {
  return projects
    .filter(({ config }) => config.type === "plugin" && contracts.includes(config.contract))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The tasks that generate the SDKs of contracts: none for those that have them in version control. */
function generatesOf(contracts: readonly string[], setting: TargetSetting): Dependencies {
  const generated = contracts.filter((name) => !isCommitted(name, setting));
  if (generated.length === contracts.length) return ["^generate"];
  return generated.length === 0 ? [] : [{ projects: generated, target: "generate" }];
}

function isCommitted(contract: string, { projects }: TargetSetting): boolean {
  return projects.some(
    ({ name, config }) => name === contract && config.type === "contract" && config.commitGenerated,
  );
}

/**
 * Lets Nx run `wplug:sync` ahead of the tasks where there is something that could be out of sync: SDKs in version control,
 * or the name of a contract that is none.
 */
export function withSync(targets: Targets, setting: TargetSetting): Targets {
  const { project, projects } = setting;
  const contracts = contractsOf(project.name, project.config);
  const needsSync = contracts.some(
    (contract) =>
      isCommitted(contract, setting) ||
      !projects.some(({ name, config }) => name === contract && config.type === "contract"),
  );
  if (!needsSync) return targets;
  const unsynced = ["generate", "check-version"];
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      unsynced.includes(name) ? target : { ...target, syncGenerators: ["wplug:sync"] },
    ]),
  );
}

/** The wasm files, relative to the workspace's root, that the contracts and the project itself name. */
function vendoredPlugins(
  contracts: readonly string[],
  { project, projects }: TargetSetting,
): string[] {
  const naming = projects.filter(({ name }) => name === project.name || contracts.includes(name));
  return naming.flatMap(({ root, config }) =>
    "plugins" in config ? config.plugins.map((path) => posix.join(root, path)) : [],
  );
}

function buildsOf(plugins: readonly WplugProject[]): Dependencies {
  if (plugins.length === 0) return [];
  return [{ projects: plugins.map(({ name }) => name), target: "build" }];
}

/**
 * These packages, as inputs: the versions of those that are installed, and the files of those that are projects of the
 * workspace itself, which Nx does not accept as external dependencies.
 */
function packages(names: readonly string[], { workspaceRoot }: TargetSetting): Inputs {
  const fromWorkspace = createRequire(join(workspaceRoot, "package.json"));
  const externalDependencies: string[] = [];
  const files: string[] = [];
  for (const name of names) {
    const folder = (fromWorkspace.resolve.paths(name) ?? [])
      .map((modules) => join(modules, name))
      .find((path) => existsSync(join(path, "package.json")));
    if (folder === undefined) continue;
    const path = realpathSync(folder);
    if (path.split(sep).includes("node_modules")) externalDependencies.push(name);
    else {
      const root = relative(realpathSync(workspaceRoot), path).replaceAll(sep, "/");
      files.push(`{workspaceRoot}/${root}/**/*`);
    }
  }
  return [{ externalDependencies }, ...files];
}

function metadata(description: string): NonNullable<TargetConfiguration["metadata"]> {
  return { description, technologies: ["wplug"] };
}
