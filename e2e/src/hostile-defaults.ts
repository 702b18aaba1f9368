import type { Workspace } from "./workspace.js";

export interface NxJson {
  readonly targetDefaults?: Readonly<Record<string, object>>;
}

/** As teams have them; each of these properties replaces what a plugin of Nx infers. */
const DEFAULTS = {
  dependsOn: ["^build"],
  inputs: ["production", "^production"],
  outputs: ["{workspaceRoot}/dist/{projectRoot}"],
  cache: true,
};

const NAMES = ["build", "test", "typecheck", "lint", "serve", "handshake", "g*"];

/** Gives nx.json defaults for all names that targets have, and inputs that leave out what our projects consist of. */
export function writeHostileDefaults(workspace: Workspace): void {
  const nxJson = workspace.readJson<NxJson>("nx.json");
  const content = {
    ...nxJson,
    namedInputs: {
      default: ["{projectRoot}/src/**/*"],
      production: ["default", "!{projectRoot}/**/*.spec.ts"],
    },
    targetDefaults: {
      ...nxJson.targetDefaults,
      ...Object.fromEntries(NAMES.map((name) => [name, DEFAULTS])),
    },
  };
  workspace.write("nx.json", JSON.stringify(content));
}
