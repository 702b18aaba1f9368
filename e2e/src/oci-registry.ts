import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Whether there is Debian's docker-registry. */
export const hasOciRegistry = spawnSync("docker-registry", ["--version"]).status === 0;

/** A docker-registry on this machine. */
export interface OciRegistry {
  readonly host: string;
  /** The tags of a repository, sorted; none if there is no such repository. */
  tags(repository: string): Promise<string[]>;
  stop(): void;
}

/** @param folder for its configuration and what is pushed */
export async function startOciRegistry(folder: string, port: number): Promise<OciRegistry> {
  const config = join(folder, "registry.yml");
  const host = `127.0.0.1:${port}`;
  const storage = join(folder, "registry");
  writeFileSync(
    config,
    `version: 0.1\nstorage: { filesystem: { rootdirectory: ${storage} } }\nhttp: { addr: "${host}" }\n`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  const answers = () =>
    fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    expect(child.exitCode).toBe(null);
    await delay(50);
  }
  return {
    host,
    async tags(repository) {
      const answer = await fetch(`http://${host}/v2/${repository}/tags/list`);
      const { tags } = (await answer.json()) as { tags?: string[] };
      return (tags ?? []).sort();
    },
    stop: () => void child.kill(),
  };
}
