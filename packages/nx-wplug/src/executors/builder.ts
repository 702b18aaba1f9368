import { type ChildProcess, spawn } from "node:child_process";

import { getPackageManagerCommand } from "@nx/devkit";

import type { TaskProject } from "./run-task";

/** Builds projects, one build at a time: a change during one asks for another after it. */
export class Builder {
  private running: Promise<boolean> | undefined;
  private next: Promise<boolean> | undefined;
  private child: ChildProcess | undefined;

  constructor(
    private readonly workspaceRoot: string,
    private readonly projects: readonly TaskProject[],
    private readonly target: string,
  ) {}

  build(): Promise<boolean> {
    if (this.running === undefined) {
      this.running = this.run().finally(() => {
        this.running = undefined;
      });
      return this.running;
    }
    this.next ??= this.running
      .catch(() => false)
      .then(() => {
        this.next = undefined;
        return this.build();
      });
    return this.next;
  }

  stop(): void {
    this.child?.kill();
  }

  private run(): Promise<boolean> {
    const names = this.projects.map(({ name }) => name).join(",");
    const { exec } = getPackageManagerCommand();
    return new Promise((resolve, reject) => {
      const command = `${exec} nx run-many -t ${this.target} -p ${names} --outputStyle=static`;
      const child = spawn(command, {
        cwd: this.workspaceRoot,
        shell: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      this.child = child;
      const output: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => output.push(chunk));
      }
      child.on("error", reject);
      child.on("close", (code) => {
        if (code !== 0) console.error(Buffer.concat(output).toString());
        resolve(code === 0);
      });
    });
  }
}
