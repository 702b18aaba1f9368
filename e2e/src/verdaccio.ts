import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runOk, start } from "./run.js";
import { until } from "./until.js";

/** A registry to publish to. wplug comes from the registry of all e2e tests, and everything else from npm's. */
export class Verdaccio {
  private constructor(
    private readonly folder: string,
    private readonly process: ReturnType<typeof start>,
    /** `127.0.0.1:4873` */
    private readonly host: string,
  ) {}

  static async start(): Promise<Verdaccio> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-verdaccio-")));
    // verdaccio names a version by a tag, which not every mirror of npm has.
    runOk("npm init -y && npm pkg set overrides.node-fetch=^2.7.0", folder);
    runOk("npm install --no-audit --no-fund verdaccio@6", folder);
    const host = `127.0.0.1:${await freePort()}`;
    mkdirSync(join(folder, "storage"));
    // As the set-up of all e2e tests has found and started them.
    const { WPLUG_E2E_UPSTREAM: npm, WPLUG_E2E_REGISTRY: wplug } = process.env;
    const everyone = { access: "$all", publish: "$all" };
    const config = {
      storage: join(folder, "storage"),
      uplinks: { wplug: { url: wplug }, npm: { url: npm, timeout: "120s", maxage: "1h" } },
      packages: {
        "@acme/*": everyone,
        wplug: { ...everyone, proxy: "wplug" },
        "@wplug/*": { ...everyone, proxy: "wplug" },
        "**": { ...everyone, proxy: "npm" },
      },
      log: { type: "stdout", format: "pretty", level: "warn" },
      max_body_size: "100mb",
    };
    // YAML is a superset of JSON.
    writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
    const command = `node_modules/.bin/verdaccio --config config.yaml --listen ${host}`;
    const registry = new Verdaccio(folder, start(command, folder), host);
    // It says so when it listens.
    await until(
      () => registry.process.output().includes(host),
      () => registry.process.output(),
    );
    return registry;
  }

  /** For those who install from it. */
  get env(): NodeJS.ProcessEnv {
    const url = `http://${this.host}/`;
    return { npm_config_registry: url };
  }

  /** The line of an .npmrc for those who publish to it: npm wants a token, whatever it is. */
  get npmrc(): string {
    return `//${this.host}/:_authToken=anything\n`;
  }

  has(name: string, version: string): boolean {
    const file = `${name.split("/").at(-1)}-${version}.tgz`;
    return existsSync(join(this.folder, "storage", name, file));
  }

  async stop(): Promise<void> {
    const { pid } = this.process.child;
    if (pid !== undefined) process.kill(-pid);
    await this.process.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
