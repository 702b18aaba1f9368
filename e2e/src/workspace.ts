import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tarballs } from "./repository.js";
import { run, runOk, type Run } from "./run.js";

const NX_VERSION = "23.2.1";

/** `ts`: npm workspaces with project references. `paths`: one package.json and paths in tsconfig.base.json. */
export type WorkspaceKind = "ts" | "paths";

/** A user's workspace in a temporary folder. */
export class Workspace {
  private constructor(
    private readonly parent: string,
    readonly root: string,
  ) {}

  /** Runs create-nx-workspace and installs the packed packages, as the README says. */
  static create(kind: WorkspaceKind): Workspace {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-")));
    const options = kind === "paths" ? "--workspaces=false" : "";
    runOk(
      `npx -y create-nx-workspace@${NX_VERSION} acme --preset=ts ${options} --pm=npm --nxCloud=skip --no-interactive --skipGit`,
      parent,
    );
    const workspace = new Workspace(parent, join(parent, "acme"));
    workspace.runOk(`npm install --save-dev ${tarballs.join(" ")}`);
    return workspace;
  }

  run(command: string, env?: NodeJS.ProcessEnv): Run {
    return run(command, this.root, env);
  }

  runOk(command: string, env?: NodeJS.ProcessEnv): Run {
    return runOk(command, this.root, env);
  }

  nx(command: string, env?: NodeJS.ProcessEnv): Run {
    return runOk(`npx nx ${command}`, this.root, env);
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
    writeFileSync(join(this.root, path), content);
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
