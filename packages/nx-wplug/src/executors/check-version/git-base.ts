import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { UserError } from "../../errors/user-error";

/** A commit that a workspace is compared with. */
export interface GitBase {
  /** As it was asked for: `main`. */
  readonly name: string;
  /** Its full hash, or that of the commit where the current branch left it. */
  readonly commit: string;
}

/**
 * Finds the commit to compare with, as `nx affected` does: where the current branch left `name`.
 *
 * @throws UserError if the workspace is not in a git repository, or there is no such commit
 */
export function findBase(workspaceRoot: string, name: string): GitBase {
  if (git(workspaceRoot, ["rev-parse", "--git-dir"]) === undefined) {
    throw new UserError(
      "check-version compares a contract with an earlier commit, and this workspace is not in a git repository.",
    );
  }
  // In CI there often are branches of the remote alone.
  for (const candidate of [name, `origin/${name}`]) {
    const revision = [
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${candidate}^{commit}`,
    ];
    const commit = git(workspaceRoot, revision)?.trim();
    if (commit === undefined) continue;
    const fork = git(workspaceRoot, ["merge-base", commit, "HEAD"])?.trim();
    return { name, commit: fork ?? commit };
  }
  throw new UserError(
    `There is no commit "${name}" to compare with: fetch it, or name another by --base or NX_BASE.`,
  );
}

/**
 * Writes the `.proto` files below a folder of the workspace, as they were at a commit, to another folder.
 *
 * @param root of the files, relative to the workspace's root
 * @returns how many there were
 */
export function extractProtos(
  workspaceRoot: string,
  { commit }: GitBase,
  root: string,
  destination: string,
): number {
  const listed = git(workspaceRoot, [
    "ls-tree",
    "-r",
    "-z",
    "--name-only",
    commit,
    "--",
    `${root}/`,
  ]);
  const paths = (listed ?? "").split("\0").filter((path) => path.endsWith(".proto"));
  for (const path of paths) {
    const file = join(destination, path.slice(root.length + 1));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, git(workspaceRoot, ["show", `${commit}:./${path}`]) ?? "");
  }
  return paths.length;
}

/** What git prints; undefined if it fails. */
function git(cwd: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, {
      cwd,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
      windowsHide: true,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UserError("check-version needs git, which is not installed.");
    }
    return undefined;
  }
}
