import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { inTurn } from "../in-turn.mjs";
import { median } from "../median.mjs";
import { nx, require, root, run, SETTINGS } from "./process.mjs";

const ROUNDS = 5;
const GOAL = 1.2;
const PLUGIN = "ferris-plugin";

/** Two sizes of plugin: a new one, and one that has others' crates. */
const CRATES = { "a greeter": [], "with serde_json and regex": ["serde_json", "regex"] };

/**
 * `npm run bench -- rust`: the build of a plugin in Rust after an edit, by Nx against Cargo alone, as whole processes, in turn. All else is
 * compiled before. `nx alone` is `nx show projects`; `executor` is what the task takes in a process of its own that runs nothing of Nx.
 */
export async function rust() {
  const { stdout } = spawnSync("rustc", ["-V"], { encoding: "utf8" });
  console.log(`Node ${process.versions.node}, ${stdout.trim()}, ${cpus().length} processors`);
  console.log(`Milliseconds after an edit, medians of ${ROUNDS} rounds`);
  const workspace = await createWorkspace();
  const results = {};
  try {
    run(process.execPath, [nx, "build", PLUGIN], {}, workspace);
    for (const [name, crates] of Object.entries(CRATES)) {
      for (const crate of crates) run("cargo", ["add", "-q", crate], {}, join(workspace, PLUGIN));
      results[name] = measure(workspace, crates);
      print(name, results[name]);
    }
  } finally {
    run(process.execPath, [nx, "daemon", "--stop"], {}, workspace);
    rmSync(workspace, { recursive: true });
  }
  console.log(`\nGoal: nx build takes at most ${GOAL} times as long as Cargo alone.`);
  const file = join(root, "tmp/bench/rust.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(results, null, 2) + "\n");
}

function measure(workspace, crates) {
  const source = join(workspace, PLUGIN, "src/lib.rs");
  const original = readFileSync(source, "utf8");
  const used = {
    serde_json: "let name = serde_json::json!({ &name: 1 }).to_string();",
    regex: 'let name = regex::Regex::new("[a-z]+").unwrap().replace_all(&name, "x").into_owned();',
  };
  let edits = 0;
  const edit = () => {
    const statements = crates.map((crate) => used[crate]).join("\n");
    const text = original.replace(
      "Ok(v1::GreetReply {",
      () => `let name = request.name;\n${statements}\nOk(v1::GreetReply {`,
    );
    writeFileSync(
      source,
      text.replace('"Hello, {}", request.name', `"Hello ${++edits}, {}", name`),
    );
  };
  const afterEdit = (...command) => {
    edit();
    return run(...command);
  };
  const cargo = ["build", "--release", "--lib", "--target", "wasm32-wasip1"];
  // A folder of its own, as Nx's build has other options for rustc.
  const alone = { CARGO_TARGET_DIR: join(workspace, "alone") };
  const subjects = {
    "cargo alone": () => afterEdit("cargo", cargo, alone, join(workspace, PLUGIN)),
    "executor alone": () => afterEdit(process.execPath, ["build.cjs"], {}, workspace),
  };
  for (const [setting, env] of Object.entries(SETTINGS)) {
    subjects[`nx build (${setting})`] = () =>
      afterEdit(process.execPath, [nx, "build", PLUGIN], env, workspace);
    subjects[`nx alone (${setting})`] = () =>
      run(process.execPath, [nx, "show", "projects"], env, workspace);
  }
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  // The first round compiles the crates, and starts the daemon.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, subject] of inTurn(Object.entries(subjects), Math.max(0, round))) {
      const time = subject();
      if (round >= 0) times[name].push(time);
    }
  }
  writeFileSync(source, original);
  return times;
}

/** A workspace with a contract and a plugin in Rust, and the packages of this repository. */
async function createWorkspace() {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), "wplug-bench-")));
  const write = (path, content) => {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(
      join(workspace, path),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  };
  write("nx.json", { analytics: false, neverConnectToCloud: true, plugins: ["wplug"] });
  write("package.json", { name: "@acme/source", private: true });
  write("package-lock.json", lockFile());
  write("tsconfig.base.json", { compilerOptions: { paths: {} } });
  symlinkSync(join(root, "node_modules"), join(workspace, "node_modules"));
  const { FsTree, flushChanges } = require("nx/src/generators/tree");
  const { pluginGenerator } = require(
    join(root, "packages/nx-wplug/dist/generators/plugin/generator.js"),
  );
  const tree = new FsTree(workspace, false);
  await pluginGenerator(tree, {
    name: "ferris",
    directory: ".",
    language: "rust",
    skipFormat: true,
  });
  flushChanges(workspace, tree.listChanges());
  const executor = join(root, "packages/nx-wplug/dist/executors/build/executor.js");
  write(
    "build.cjs",
    `const { buildExecutor } = require(${JSON.stringify(executor)});
const root = ${JSON.stringify(workspace)};
const projects = Object.fromEntries(["ferris-plugin", "ferris-contract"].map((name) => [name, { root: name }]));
buildExecutor({}, { root, projectName: "ferris-plugin", nxJsonConfiguration: {}, projectsConfigurations: { version: 2, projects } })
  .then(({ success }) => process.exit(success ? 0 : 1));
`,
  );
  return workspace;
}

/** What is installed as far as tasks ask for it, which Nx reads here. */
function lockFile() {
  const manifestOf = (name) => require(join(root, "node_modules", name, "package.json"));
  const names = ["wplug", "@wplug/runtime", ...Object.keys(manifestOf("wplug").dependencies)];
  const packages = names.map((name) => [
    `node_modules/${name}`,
    { version: manifestOf(name).version },
  ]);
  return { lockfileVersion: 3, packages: { "": {}, ...Object.fromEntries(packages) } };
}

function print(name, times) {
  console.log(`\n${name}`);
  for (const [subject, all] of Object.entries(times)) {
    const ratio = median(all.map((time, round) => time / times["cargo alone"][round]));
    console.log(
      `${subject.padEnd(24)} ${median(all).toFixed(0).padStart(6)}  ${ratio.toFixed(2)}× cargo`,
    );
  }
}
