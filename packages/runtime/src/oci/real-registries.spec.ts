import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, mkdirSync, readFileSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PluginModule } from "../index.js";
import type { OciOptions, RegistryCredentials } from "../options/oci-options.js";
import {
  canRun,
  hasDockerRegistry,
  htpasswdAuth,
  IDENTITY_TOKEN,
  interop,
  makeCertificate,
  startDockerRegistry,
  startTokenServer,
  USER,
  type DockerRegistry,
  type TokenServer,
} from "../testing/docker-registry.js";
import { ECHO, greeter, wat } from "../testing/wat.js";
import { createArtifact } from "./artifact.js";
import { pullPlugin } from "./pull-plugin.js";
import { RegistryRepository } from "./registry.js";

const hasAll =
  hasDockerRegistry && canRun("openssl", "version") && spawnSync("htpasswd").error === undefined;

if (!hasAll) {
  it("real registries: not run, no docker-registry, openssl or htpasswd", () => {
    expect(hasAll).toBe(false);
  });
} else {
  describe("a real registry", realRegistries);
}

function realRegistries(): void {
  let folder: string;
  let wasm: Uint8Array;
  let open: DockerRegistry;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "wplug-registries-"));
    wasm = await wat(greeter({ sayHello: ECHO }));
    open = await startDockerRegistry(folder);
  }, 60_000);

  afterAll(async () => {
    await open[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function artifactOf(bytes: Uint8Array = wasm) {
    return createArtifact(bytes, { title: "greeter.wasm" });
  }

  function repositoryOf(host: string, name: string, credentials?: RegistryCredentials) {
    return new RegistryRepository({ host, name }, { credentials: () => credentials, retries: 0 });
  }

  function pull(reference: string, credentials?: RegistryCredentials, options: OciOptions = {}) {
    return pullPlugin(`oci://${reference}`, {
      cache: false,
      unpinned: true,
      retries: 0,
      credentials: () => credentials,
      ...options,
    });
  }

  it("takes a plugin, gives it back, and lists it", async () => {
    const repository = repositoryOf(open.host, "acme/greeter");
    const artifact = artifactOf();
    expect(await repository.pushArtifact("1.2", artifact)).toBe("uploaded");
    expect(await repository.pushArtifact("1.3", artifact)).toBe("exists");
    const pulled = await pull(`${open.host}/acme/greeter:1.2`);
    expect(pulled.manifest).toBe(artifact.digest);
    expect(Buffer.from(pulled.bytes).equals(wasm)).toBe(true);
    expect((await repository.tags()).sort()).toEqual(["1.2", "1.3"]);
    expect(await repository.referrers(artifact.digest)).toEqual([]);
  });

  it("goes on with a list of more than 100 tags", async () => {
    const repository = repositoryOf(open.host, "acme/tags");
    const artifact = artifactOf();
    await repository.pushArtifact("1.0", artifact);
    for (let i = 1; i < 105; i++) await repository.pushManifest(`1.${i}`, artifact.manifest);
    expect(await repository.tags()).toHaveLength(105);
  }, 30_000);

  it("mounts what another repository has", async () => {
    const bytes = Buffer.concat([wasm, Buffer.from([0, 2, 1, 120])]);
    await repositoryOf(open.host, "acme/first").pushBlob(bytes);
    expect(await repositoryOf(open.host, "acme/second").pushBlob(bytes, "acme/first")).toBe(
      "mounted",
    );
  });

  it("refuses a manifest before its layers", async () => {
    const { manifest } = artifactOf(Buffer.from("never pushed"));
    await expect(repositoryOf(open.host, "acme/none").pushManifest("1", manifest)).rejects.toThrow(
      /PUT \/v2\/acme\/none\/manifests\/1 answers with HTTP status 4\d\d \([A-Z_, ]*MANIFEST_BLOB_UNKNOWN/,
    );
  });

  it("with users takes a plugin from those it knows", async () => {
    await using registry = await startDockerRegistry(folder, { auth: htpasswdAuth(folder) });
    const { host } = registry;
    await repositoryOf(host, "acme/greeter", USER).pushArtifact("1", artifactOf());
    const reference = `${host}/acme/greeter:1`;
    expect((await pull(reference, USER)).manifest).toBe(artifactOf().digest);
    await expect(pull(reference)).rejects.toThrow(
      `${host} wants a user and a password: docker login ${host}`,
    );
    await expect(pull(reference, { ...USER, password: "wr0ng" })).rejects.toThrow(
      `${host} does not accept the credentials, or they are not for this repository: docker login ${host}`,
    );
  });

  describe("with tokens", () => {
    let tokens: TokenServer;
    let registry: DockerRegistry;
    let host: string;

    beforeAll(async () => {
      tokens = await startTokenServer(folder);
      registry = await startDockerRegistry(folder, { auth: tokens.auth });
      ({ host } = registry);
      for (const name of ["acme/greeter", "public/greeter"]) {
        await repositoryOf(host, name, USER).pushArtifact("1", artifactOf());
      }
    }, 60_000);

    afterAll(async () => {
      await registry[Symbol.asyncDispose]();
      await tokens[Symbol.asyncDispose]();
    });

    it("asks only to pull in order to pull, once", async () => {
      tokens.requests.length = 0;
      await pull(`${host}/acme/greeter:1`, USER);
      expect(tokens.requests).toEqual(["GET alice repository:acme/greeter:pull"]);
    });

    it("lets everybody have what is public", async () => {
      await pull(`${host}/public/greeter:1`);
      await expect(pull(`${host}/acme/greeter:1`)).rejects.toThrow("wants a user and a password");
      await expect(pull(`${host}/acme/greeter:1`, { ...USER, password: "x" })).rejects.toThrow(
        "does not accept the credentials",
      );
    });

    it("takes an identity token", async () => {
      await pull(`${host}/acme/greeter:1`, { identityToken: IDENTITY_TOKEN });
    });

    it("mounts from a repository by a second scope", async () => {
      const bytes = Buffer.concat([wasm, Buffer.from([0, 2, 1, 121])]);
      await repositoryOf(host, "acme/first", USER).pushBlob(bytes);
      const pushed = await repositoryOf(host, "acme/second", USER).pushBlob(bytes, "acme/first");
      expect(pushed).toBe("mounted");
    });

    it("lets a helper that is missing matter only where nothing goes without", async () => {
      const config = join(folder, "docker-config");
      mkdirSync(config, { recursive: true });
      writeFileSync(join(config, "config.json"), '{"credsStore":"not-there"}');
      const last = process.env["DOCKER_CONFIG"];
      process.env["DOCKER_CONFIG"] = config;
      try {
        const asUsual: OciOptions = { credentials: undefined };
        await pull(`${host}/public/greeter:1`, undefined, asUsual);
        await expect(pull(`${host}/acme/greeter:1`, undefined, asUsual)).rejects.toThrow(
          /^docker-credential-not-there, which the configuration of docker names, can't be run: .*; install it/,
        );
      } finally {
        if (last === undefined) delete process.env["DOCKER_CONFIG"];
        else process.env["DOCKER_CONFIG"] = last;
      }
    });
  });

  it("with a certificate of a CA of its own needs NODE_EXTRA_CA_CERTS", async () => {
    const ca = makeCertificate(folder, "ca");
    const tls = makeCertificate(folder, "registry.test", ca);
    await using registry = await startDockerRegistry(folder, { tls });
    const host = registry.host.replace("127.0.0.1", "registry.test");
    const program = join(folder, "push-and-pull.cjs");
    writeFileSync(
      program,
      `const dns = require("node:dns");
      const { lookup } = dns;
      dns.lookup = (name, ...rest) => lookup(name === "registry.test" ? "127.0.0.1" : name, ...rest);
      const oci = require(${JSON.stringify(join(__dirname, "../../dist/cjs/oci.js"))});
      (async () => {
        const artifact = oci.createArtifact(Buffer.from("plugin"), { title: "p.wasm" });
        const options = { credentials: () => undefined, retries: 0 };
        const repository = new oci.RegistryRepository({ host: "${host}", name: "a/b" }, options);
        await repository.pushArtifact("1", artifact);
        const reference = "oci://${host}/a/b@" + artifact.digest;
        const { layer } = await oci.pullPlugin(reference, { ...options, cache: false });
        console.log(layer);
      })().catch((error) => console.log(error.message));`,
    );
    const run = (env: NodeJS.ProcessEnv) =>
      execFileSync(process.execPath, [program], { encoding: "utf8", env });
    const env = { ...process.env };
    delete env["NODE_EXTRA_CA_CERTS"];
    expect(run(env)).toMatch(
      /^can't reach registry\.test:\d+: .*name the file with its CA in NODE_EXTRA_CA_CERTS\)$/m,
    );
    expect(run({ ...env, NODE_EXTRA_CA_CERTS: ca.certificate })).toBe(
      `${createArtifact(Buffer.from("plugin"), { title: "p.wasm" }).layerDigest}\n`,
    );
  }, 60_000);

  interop("oras", ["version"], () => {
    const oras = (...args: string[]) =>
      execFileSync("oras", args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });

    it("gives oras what wplug pushes, with the same digest", async () => {
      const artifact = artifactOf();
      await repositoryOf(open.host, "acme/to-oras").pushArtifact("1", artifact);
      const reference = `${open.host}/acme/to-oras:1`;
      expect(oras("resolve", "--plain-http", reference).trim()).toBe(artifact.digest);
      mkdirSync(join(folder, "pulled"), { recursive: true });
      oras("pull", "--plain-http", "-o", "pulled", reference);
      expect(readFileSync(join(folder, "pulled/greeter.wasm")).equals(wasm)).toBe(true);
    });

    it.each<[string, string[]]>([
      ["plainly", ["plugin.wasm"]],
      ["with the type of a layer", ["plugin.wasm:application/wasm"]],
      [
        "as go-plugin's README does",
        [
          "--config",
          "config.json:application/vnd.module.wasm.config.v1+json",
          "plugin.wasm:application/vnd.module.wasm.content.layer.v1+wasm",
        ],
      ],
    ])("gives wplug what oras pushes %s", async (how, args) => {
      writeFileSync(join(folder, "plugin.wasm"), wasm);
      writeFileSync(join(folder, "config.json"), "{}");
      const reference = `${open.host}/oras/${how.replaceAll(/[^a-z]+/g, "-")}:1`;
      oras("push", "--plain-http", reference, ...args);
      const { bytes, manifest } = await pull(reference);
      expect(Buffer.from(bytes).equals(wasm)).toBe(true);
      expect(oras("resolve", "--plain-http", reference).trim()).toBe(manifest);
    });
  });

  interop("skopeo", ["--version"], () => {
    it("lets skopeo copy what wplug pushes, with the same digest", async () => {
      const artifact = artifactOf();
      await repositoryOf(open.host, "acme/to-skopeo").pushArtifact("1", artifact);
      const from = `docker://${open.host}/acme/to-skopeo:1`;
      const to = `docker://${open.host}/skopeo/copy:1`;
      execFileSync(
        "skopeo",
        // prettier-ignore
        ["--insecure-policy", "copy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", from, to],
        { stdio: ["ignore", "ignore", "pipe"] },
      );
      expect((await pull(`${open.host}/skopeo/copy:1`)).manifest).toBe(artifact.digest);
    });
  });

  it("runs what it gives back", async () => {
    const artifact = artifactOf();
    await repositoryOf(open.host, "acme/run").pushArtifact("1", artifact);
    const source = `oci://${open.host}/acme/run@${artifact.digest}`;
    const module = await PluginModule.compile(source, { oci: { cache: join(folder, "cache") } });
    expect(module.exports.get("greeter_api_version")).toBe("function");
  });

  // A helper in the PATH, as docker's own are.
  it("takes what a credential helper answers", async () => {
    await using registry = await startDockerRegistry(folder, { auth: htpasswdAuth(folder) });
    const { host } = registry;
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    const helper = join(bin, "docker-credential-test");
    writeFileSync(
      helper,
      `#!/bin/sh\n[ "$(cat)" = "${host}" ] || exit 1\necho '{"Username":"${USER.username}","Secret":"${USER.password}"}'\n`,
    );
    chmodSync(helper, 0o755);
    const config = join(folder, "helper-config");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "config.json"), JSON.stringify({ credHelpers: { [host]: "test" } }));
    await repositoryOf(host, "a/b", USER).pushArtifact("1", artifactOf());
    const { DOCKER_CONFIG, PATH } = process.env;
    Object.assign(process.env, { DOCKER_CONFIG: config, PATH: `${bin}:${PATH}` });
    try {
      await pull(`${host}/a/b:1`, undefined, { credentials: undefined });
    } finally {
      process.env["PATH"] = PATH;
      if (DOCKER_CONFIG === undefined) delete process.env["DOCKER_CONFIG"];
      else process.env["DOCKER_CONFIG"] = DOCKER_CONFIG;
    }
  });
}
