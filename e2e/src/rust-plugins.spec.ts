import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { copyWorkspace } from "./copy-workspace.js";
import { expectFailure, expectFit, expectGreeting } from "./language-plugin.js";
import { environment, run, runOk } from "./run.js";
import { tasksOf } from "./tasks.js";
import { NX, Workspace } from "./workspace.js";

const TARGET = "wasm32-wasip1";
const SOURCE = "greeter-plugin/src/lib.rs";
const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

/** Why plugins in Rust can't be built on this machine; undefined if they can. */
function whyNoRust(): string | undefined {
  const args = ["--print", "target-libdir", "--target", TARGET];
  const { status, stdout } = spawnSync("rustc", args, { encoding: "utf8" });
  if (status !== 0 || spawnSync("cargo", ["-V"]).status !== 0) return "no Rust toolchain";
  if (!existsSync(stdout.trim())) return `no ${TARGET}`;
  const folder = mkdtempSync(join(tmpdir(), "wplug-e2e-"));
  try {
    writeFileSync(
      join(folder, "Cargo.toml"),
      '[package]\nname = "probe"\n[lib]\npath = "lib.rs"\n[dependencies]\nprost = "0.14"\nprost-types = "0.14"\n[workspace]\n',
    );
    writeFileSync(join(folder, "lib.rs"), "");
    const fetch = spawnSync("cargo", ["fetch"], { cwd: folder, timeout: 60_000 });
    return fetch.status === 0 ? undefined : "the registry of crates is not reached";
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const why = whyNoRust();
if (why !== undefined) {
  it(`plugins in Rust: not run, ${why}`, () => {
    expect(why).toBeDefined();
  });
}

(why === undefined ? describe : () => {})("a plugin in Rust", () => {
  let workspace: Workspace;
  let programs: string;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    programs = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-")));
    workspace.nx("g wplug:plugin greeter --directory=. --language=rust");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter");
  });

  afterAll(() => {
    workspace.remove();
    rmSync(programs, { recursive: true });
  });

  const withoutRust = () => {
    const folders = (process.env["PATH"] ?? "").split(":");
    const has = (folder: string) => existsSync(`${folder}/cargo`) || existsSync(`${folder}/rustc`);
    return { PATH: folders.filter((folder) => !has(folder)).join(":") };
  };

  /** An environment whose rustc is the one that there is, after what `script` does with its arguments. */
  const withRustc = (script: string) => {
    const { stdout } = spawnSync("which", ["rustc"], { encoding: "utf8" });
    writeFileSync(join(programs, "rustc"), `#!/bin/sh\n${script}\nexec ${stdout.trim()} "$@"\n`, {
      mode: 0o755,
    });
    return { PATH: `${programs}:${environment()["PATH"]}` };
  };

  const build = (env?: NodeJS.ProcessEnv) =>
    tasksOf(workspace.nx("build greeter-plugin --outputStyle=static", env).output)[
      "greeter-plugin:build"
    ];

  it("is built, tested and brought together with a host of TypeScript", () => {
    expectGreeting(workspace);
    expectFit(workspace);
    const wasm = workspace.readBytes(WASM);
    expect(wasm.toString()).toContain('"typeName":"greeter.v1.Greeter"');
    expect(wasm.length).toBeLessThanOrEqual(40_000);
  });

  it("leaves nothing for rustfmt to do", () => {
    const { output } = workspace.runOk("cd greeter-plugin && cargo fmt --check");
    expect(output).toBe("");
  });

  it("has the same bytes in another folder", () => {
    const other = `${workspace.root}-moved`;
    copyWorkspace(workspace.root, other);
    const moved = runOk(`${NX} build greeter-plugin --skip-nx-cache`, other);
    expect(moved.output).toContain("bytes");
    const { stdout } = run(`sha256sum ${WASM}`, other);
    expect(stdout).toBe(workspace.runOk(`sha256sum ${WASM}`).stdout);
  });

  it("is built again for its sources, Cargo.lock and another version of Rust, and not for others", () => {
    workspace.write("greeter-plugin/README.md", "# Changed\n");
    workspace.edit("greeter-plugin/test/greeter.spec.ts", (source) => `${source}// Changed\n`);
    expect(build()).toBe("cached");
    workspace.withEdit(
      SOURCE,
      (source) => source.replace("Hello, ", "Good day, "),
      () => expect(build()).toBe("ran"),
    );
    workspace.withEdit(
      "greeter-plugin/Cargo.lock",
      (lock) => `${lock}\n# Changed\n`,
      () => expect(build()).toBe("ran"),
    );
    const another = withRustc('test "$*" = -V && echo "rustc 1.99.0" && exit');
    expect(build(another)).toBe("ran");
    expect(build()).toBe("cached");
  });

  it("says at which line a mistake is, and what to install where there is no Rust or no target", () => {
    workspace.withEdit(
      SOURCE,
      (source) => source.replace("request.name", "request.nothing"),
      () =>
        expectFailure(
          workspace.run(`${NX} build greeter-plugin`),
          /no field `nothing`[^]+--> greeter-plugin\/src\/lib\.rs:\d+:\d+\n/,
        ),
    );
    const command = `${NX} build greeter-plugin --skip-nx-cache`;
    expectFailure(
      workspace.run(command, withoutRust()),
      'There is no "cargo" on the PATH, which plugins with "language": "rust" need: install Rust from https://rustup.rs.',
    );
    expectFailure(
      workspace.run(command, withRustc(`set -- --sysroot ${programs} "$@"`)),
      `Rust can't compile for ${TARGET} yet, which plugins need: run "rustup target add ${TARGET}".`,
    );
  });

  it("joins the Cargo workspace in the root, and is built by its profile, target folder and Cargo.lock", () => {
    workspace.write(
      "Cargo.toml",
      `[workspace]\nmembers = ["greeter-plugin"]\nresolver = "2"\n\n[profile.release]\nopt-level = 2\nlto = true\ncodegen-units = 1\npanic = "abort"\nstrip = true\n`,
    );
    workspace.edit("greeter-plugin/Cargo.toml", (toml) =>
      toml.replace(/\[profile\.release\][^]*/, ""),
    );
    // Dependencies need not be compiled again.
    workspace.runOk("mv greeter-plugin/target greeter-plugin/Cargo.lock .");
    workspace.nx("g wplug:plugin ferris --directory=. --contract=greeter --language=rust");
    expect(workspace.read("Cargo.toml")).toContain('members = ["greeter-plugin", "ferris-plugin"]');
    expect(workspace.read("ferris-plugin/Cargo.toml")).not.toContain("[profile");
    const both = () =>
      tasksOf(workspace.nx("run-many -t build --outputStyle=static -p '*-plugin'").output);
    // The first build adds the new package to Cargo.lock.
    both();
    const wasm = workspace.readBytes("ferris-plugin/dist/ferris-plugin.wasm");
    expect(wasm.length).toBeLessThanOrEqual(40_000);
    expect(workspace.exists("ferris-plugin/Cargo.lock")).toBe(false);
    expect(workspace.exists("ferris-plugin/target")).toBe(false);
    expect(both()["ferris-plugin:build"]).toBe("ran");
    expect(both()["ferris-plugin:build"]).toBe("cached");
    workspace.withEdit(
      "Cargo.lock",
      (lock) => `${lock}\n# Changed\n`,
      () =>
        expect(both()).toMatchObject({
          "greeter-plugin:build": "ran",
          "ferris-plugin:build": "ran",
        }),
    );
  });

  it("is one project of the graph beside those of @monodon/rust, and both are built and tested", () => {
    // It names projects after their folders.
    const CRAB = "crab_crab";
    // It asks for an early version of another package, which wplug's users need not have.
    workspace.runOk("npm install -D --legacy-peer-deps @monodon/rust");
    workspace.nx("g @monodon/rust:library crab --directory=crab --no-interactive");
    const { output } = workspace.nx("show projects --json");
    const projects = JSON.parse(output.slice(output.indexOf("["))) as string[];
    expect(projects.filter((name) => /crab|ferris/.test(name)).sort()).toEqual([
      CRAB,
      "ferris-plugin",
    ]);
    const tasks = tasksOf(
      workspace.nx(`run-many -t build,test --outputStyle=static -p ${CRAB} ferris-plugin`).output,
    );
    for (const task of [
      `${CRAB}:build`,
      `${CRAB}:test`,
      "ferris-plugin:build",
      "ferris-plugin:test",
    ]) {
      expect([task, tasks[task]]).not.toContain(undefined);
    }
  });
});
