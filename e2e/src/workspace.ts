import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { copyWorkspace } from "./copy-workspace.js";
import { environment, run, runOk, start, type Run } from "./run.js";

export const NX_VERSION = "23.2.1";

/** What `npx nx` runs, without npx, which takes as long as a small command of Nx. The page that is followed says npx. */
export const NX = "node_modules/.bin/nx";
export const TSC = "node_modules/.bin/tsc";

/** `ts`: npm workspaces with project references. `paths`: one package.json and paths in tsconfig.base.json. */
export type WorkspaceKind = "ts" | "paths";

/**
 * A folder with a workspace that create-nx-workspace made, and the packages added with what they need. Made once for
 * all tests, as it takes a minute.
 */
function template(kind: WorkspaceKind): string {
  const folder = join(process.env["WPLUG_E2E_SHARED"] ?? tmpdir(), kind);
  if (existsSync(folder)) return folder;
  const unfinished = mkdtempSync(`${folder}-`);
  const options = kind === "paths" ? "--workspaces=false" : "";
  runOk(create(NX_VERSION, `--preset=ts ${options} --pm=npm`), unfinished);
  // With what tests need, which otherwise comes with the first project of each copy.
  runOk("npx nx add wplug --unitTestRunner=jest", join(unfinished, "acme"));
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // The tests of another process were faster.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  return folder;
}

function create(nx: string, options: string): string {
  return `npx -y create-nx-workspace@${nx} acme ${options} --nxCloud=skip --no-interactive --skipGit`;
}

/** yarn 4 reads none of npm's settings, refuses registries without TLS, packages of today and changes of a lock file in CI. */
function yarnSettings(parent: string): NodeJS.ProcessEnv {
  return {
    YARN_NPM_REGISTRY_SERVER: process.env["WPLUG_E2E_REGISTRY"],
    YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_NPM_MINIMAL_AGE_GATE: "0",
    // By name and version, whatever registry it was that had them: the packages of an earlier run would be used.
    YARN_GLOBAL_FOLDER: join(parent, "yarn"),
  };
}

/** A user's workspace in a temporary folder. */
export class Workspace {
  private constructor(
    private readonly parent: string,
    readonly root: string,
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  /**
   * A new workspace, without wplug, of any package manager, which npm installs like any other program.
   *
   * @param manager name and version
   * @param preset options of create-nx-workspace
   */
  static createWith(
    manager: "npm" | "pnpm@10" | "yarn@4" | "bun@1.3",
    nx: string,
    preset = "--preset=ts",
    more: NodeJS.ProcessEnv = {},
  ): Workspace {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-")));
    if (manager === "npm") {
      runOk(create(nx, `${preset} --pm=npm`), parent);
      return new Workspace(parent, join(parent, "acme"), more);
    }
    const programs = join(parent, "programs");
    mkdirSync(programs);
    // By npm there is a yarn 4 under another name alone.
    const program = manager === "yarn@4" ? "@yarnpkg/cli-dist@4" : manager;
    runOk(`npm init -y && npm install ${program}`, programs);
    const env = {
      ...more,
      ...(manager === "yarn@4" && yarnSettings(parent)),
      PATH: `${join(programs, "node_modules/.bin")}:${environment()["PATH"]}`,
      // For the same reason as that of yarn.
      BUN_INSTALL_CACHE_DIR: join(parent, "bun-cache"),
    };
    // It lets yarn take itself for the one that the workspace asks for, which it would download from a site of its own.
    const creating = manager === "yarn@4" ? { ...env, COREPACK_ROOT: "none" } : env;
    runOk(create(nx, `${preset} --pm=${manager.split("@")[0]}`), parent, creating);
    return new Workspace(parent, join(parent, "acme"), env);
  }

  /** A new workspace with the packed packages. */
  static create(kind: WorkspaceKind): Workspace {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-")));
    copyWorkspace(join(template(kind), "acme"), join(parent, "acme"));
    return new Workspace(parent, join(parent, "acme"));
  }

  run(command: string, env?: NodeJS.ProcessEnv): Run {
    return run(command, this.root, { ...this.env, ...env });
  }

  runOk(command: string, env?: NodeJS.ProcessEnv): Run {
    return runOk(command, this.root, { ...this.env, ...env });
  }

  start(command: string, env?: NodeJS.ProcessEnv): ReturnType<typeof start> {
    return start(command, this.root, { ...this.env, ...env });
  }

  nx(command: string, env?: NodeJS.ProcessEnv): Run {
    return this.runOk(`${NX} ${command}`, env);
  }

  exists(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  readBytes(path: string): Buffer {
    return readFileSync(join(this.root, path));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  /** Replaces text in a file, for good. */
  edit(path: string, edit: (content: string) => string): void {
    const before = this.read(path);
    const after = edit(before);
    if (after === before) throw new Error(`the edit of ${path} changes nothing`);
    this.write(path, after);
  }

  /** Commits everything that changed. */
  commit(): void {
    this.runOk("git add -A && git -c user.name=t -c user.email=t@t commit -qm step --allow-empty");
  }

  /** Makes it a git repository with one commit. */
  initGit(): void {
    this.runOk("git init -q -b main");
    this.commit();
  }

  /** Replaces text in a file while `during` runs; the file is as before afterwards. */
  withEdit<T>(path: string, edit: (content: string) => string, during: () => T): T {
    const before = this.read(path);
    const after = edit(before);
    if (after === before) throw new Error(`the edit of ${path} changes nothing`);
    this.write(path, after);
    try {
      return during();
    } finally {
      this.write(path, before);
    }
  }

  readJson<T>(path: string): T {
    return JSON.parse(this.read(path)) as T;
  }

  remove(): void {
    rmSync(this.parent, { recursive: true, force: true });
  }
}
