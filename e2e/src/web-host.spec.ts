import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { repositoryRoot } from "./repository.js";
import { runOk } from "./run.js";
import { until } from "./until.js";
import { NX, Workspace, type WorkspaceKind } from "./workspace.js";

const hasChromium = ["chromium", "chromium-browser", "google-chrome"].some(
  (name) => spawnSync("which", [name]).status === 0,
);

if (!hasChromium) {
  it("opens a host in a browser: not run, no Chromium on the PATH", () =>
    expect(hasChromium).toBe(false));
}

describe.each<WorkspaceKind>(["ts", "paths"])(
  "a host in a browser, in a workspace of %s",
  (kind) => {
    let workspace: Workspace;

    beforeAll(() => {
      workspace = Workspace.create(kind);
      workspace.nx("g wplug:plugin greeter --directory=.");
      workspace.nx("g wplug:host web --directory=. --contract=greeter-contract --platform=browser");
    });

    afterAll(() => workspace.remove());

    /** What a page of a server shows, once it shows anything. */
    async function textShownBy(command: string): Promise<string> {
      const { child, output, ended } = workspace.start(`${NX} ${command}`);
      try {
        let url: string | undefined;
        await until(() => {
          [, url] = /(http:\/\/(?:localhost|127\.0\.0\.1):\d+\/)/.exec(output()) ?? [];
          return url !== undefined;
        }, output);
        const script = join(repositoryRoot, "tools/browser/show.mjs");
        const shown = runOk(`node ${script} ${url} "#answers li"`, workspace.root).stdout;
        // It may have said before that it installs what drives the browser.
        return shown.trim().split("\n").at(-1) ?? "";
      } finally {
        if (child.pid !== undefined) process.kill(-child.pid);
        await ended;
      }
    }

    it("is built with its plugins, checked and tested", () => {
      workspace.nx("run-many -t build typecheck test handshake");
      const { stdout } = workspace.runOk("ls web/dist/web/assets");
      expect(stdout).toMatch(/greeter-plugin-.*\.wasm/);
      // Once more, from the cache.
      workspace.runOk("rm -r web/dist/web");
      expect(workspace.nx("build web").output).toMatch(/Cache: +(\d+)\/\1 hit|local cache/);
      expect(workspace.exists("web/dist/web/index.html")).toBe(true);
    });

    (hasChromium ? it : () => {})("answers in Chromium, as it was built", async () => {
      expect(await textShownBy("preview web --port=0")).toBe("Hello, web");
    });

    (hasChromium && kind === "paths" ? it : () => {})(
      "answers in Chromium, as it is served",
      async () => {
        expect(await textShownBy("serve web --port=0")).toBe("Hello, web");
      },
    );
  },
);
