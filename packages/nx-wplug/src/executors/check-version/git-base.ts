import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../errors/user-error";
import { ROOT_TSCONFIGS } from "../../workspace/root-tsconfig";

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

/** What contracts are made of: their protos, and what says which projects there are and what they are imported by. */
const PATTERNS = ["*.proto", "wplug.json", "package.json", "project.json"].map(
  (name) => `:(glob)**/${name}`,
);

/**
 * Writes the contracts of a workspace, as they were at a commit, to another folder, with the same paths.
 *
 * @param destination absolute
 */
export function extractContracts(
  workspaceRoot: string,
  { commit }: GitBase,
  destination: string,
): void {
  const patterns = [...PATTERNS, "nx.json", ...ROOT_TSCONFIGS];
  // An index of its own, or the user's would change.
  const index = { GIT_INDEX_FILE: join(destination, ".git-index") };
  git(workspaceRoot, ["read-tree", commit], { env: index });
  const paths = git(workspaceRoot, ["ls-files", "-z", "--", ...patterns], { env: index }) ?? "";
  // Paths below begin at the root of the repository, in which the workspace may be a folder.
  const inside = git(workspaceRoot, ["rev-parse", "--show-prefix"])?.trim() ?? "";
  const temporary = join(destination, ".git-files");
  git(workspaceRoot, ["checkout-index", "-z", "--stdin", `--prefix=${temporary}/`], {
    env: index,
    input: paths,
  });
  const files = join(temporary, inside);
  if (!existsSync(files)) return;
  for (const name of readdirSync(files)) renameSync(join(files, name), join(destination, name));
}

/** What git prints; undefined if it fails. */
function git(
  cwd: string,
  args: readonly string[],
  { env, input }: { readonly env?: Record<string, string>; readonly input?: string } = {},
): string | undefined {
  try {
    return execFileSync("git", args, {
      cwd,
      env: { ...process.env, ...env },
      ...(input !== undefined && { input }),
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "ignore"],
      windowsHide: true,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UserError("check-version needs git, which is not installed.");
    }
    return undefined;
  }
}
