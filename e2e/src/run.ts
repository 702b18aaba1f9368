import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  /** stdout and stderr, as a person in front of the terminal sees them, but without colours. */
  readonly output: string;
}

/** Runs a command line in `cwd` as a new user's shell would, and waits for it. Never throws. */
export function run(command: string, cwd: string, env: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(command, {
    cwd,
    shell: true,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    env: { ...environment(), ...env },
  });
  const plain = stripVTControlCharacters;
  return { exitCode: status ?? -1, stdout: plain(stdout), output: plain(stdout + stderr) };
}

/** Like `run`, but a command that fails is an error that shows what it printed. */
export function runOk(command: string, cwd: string, env?: NodeJS.ProcessEnv): Run {
  const result = run(command, cwd, env);
  if (result.exitCode !== 0) {
    throw new Error(`${command}\nfailed with exit code ${result.exitCode}:\n${result.output}`);
  }
  return result;
}

/** Starts a command line, for a test that does something while it runs. `ended` never rejects. */
export function start(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; output(): string; readonly ended: Promise<Run> } {
  // A group of its own, so that whoever ends it can end all that it has started.
  const child = spawn(command, {
    cwd,
    shell: true,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(), ...env },
  });
  let stdout = "";
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const plain = stripVTControlCharacters;
  const ended = new Promise<Run>((resolve) => {
    child.on("close", (code) =>
      resolve({ exitCode: code ?? -1, stdout: plain(stdout), output: plain(output) }),
    );
  });
  return { child, output: () => plain(output), ended };
}

/** The environment of a new user's shell, without anything of Nx in the background. */
export function environment(): NodeJS.ProcessEnv {
  const registry = process.env["WPLUG_E2E_REGISTRY"];
  return {
    ...cleanEnvironment(),
    // Where the packages are published as far as the tests are concerned: registry.mjs.
    ...(registry !== undefined && { npm_config_registry: registry, YARN_REGISTRY: registry }),
    // What the npm store has from the last test need not be asked for again.
    npm_config_prefer_offline: "true",
    NX_DAEMON: "false",
    // Each plugin in a process of its own costs every command two seconds.
    NX_ISOLATE_PLUGINS: "false",
    NX_NO_CLOUD: "true",
    CI: "true",
  };
}

// What npm, Nx and jest put into the environment of their children would make a workspace behave as if it were part
// of this repository.
function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_registry|config_cache)|NX_|JEST_|INIT_CWD|NODE_ENV$|NODE_OPTIONS$)/.test(
        name,
      ),
  );
  const environment = Object.fromEntries(inherited);
  const path = (environment["PATH"] ?? "").split(":");
  return { ...environment, PATH: path.filter((part) => !part.includes("node_modules")).join(":") };
}
