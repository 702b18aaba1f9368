import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findCredentials } from "./credentials.js";

describe("findCredentials", () => {
  let folder: string;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const alice = { username: "alice", password: "s3cret" };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wplug-credentials-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function find(config: object | string, host = "ghcr.io") {
    const text = typeof config === "string" ? config : JSON.stringify(config);
    writeFileSync(join(folder, "config.json"), text);
    return findCredentials(host, { DOCKER_CONFIG: folder });
  }

  it.each<[object, string, object | undefined]>([
    [{ auths: { "ghcr.io": { auth: base64("alice:s3cret") } } }, "ghcr.io", alice],
    [{ auths: { "ghcr.io": { auth: base64("alice:s3cret\0\0") } } }, "ghcr.io", alice],
    [{ auths: { "ghcr.io": alice } }, "ghcr.io", alice],
    [{ auths: { "https://ghcr.io": alice } }, "ghcr.io", alice],
    [
      { auths: { "ghcr.io": { auth: base64("alice:a:b") } } },
      "ghcr.io",
      { username: "alice", password: "a:b" },
    ],
    [{ auths: { "https://ghcr.io/": alice } }, "ghcr.io", alice],
    [{ auths: { "ghcr.io/v2": alice } }, "ghcr.io", alice],
    [{ auths: { "[::1]:5000": alice } }, "[::1]:5000", alice],
    [{ auths: { "https://index.docker.io/v1/": alice } }, "docker.io", alice],
    [{ auths: { "docker.io": alice } }, "docker.io", alice],
    [{ auths: { "registry-1.docker.io": alice } }, "docker.io", alice],
    [{ auths: { "ghcr.io": { identitytoken: "t" } } }, "ghcr.io", { identityToken: "t" }],
    [{ auths: { "ghcr.io": { registrytoken: "t" } } }, "ghcr.io", { registryToken: "t" }],
    [{ auths: { "ghcr.io": {} } }, "ghcr.io", undefined],
    [{ auths: { "ghcr.io": alice } }, "quay.io", undefined],
    [{ auths: null }, "ghcr.io", undefined],
    [{}, "ghcr.io", undefined],
  ])("finds in %j for %s", async (config, host, credentials) => {
    expect(await find(config, host)).toEqual(credentials);
  });

  it("finds none where there is no file", async () => {
    const env = { DOCKER_CONFIG: join(folder, "none") };
    expect(await findCredentials("ghcr.io", env)).toBeUndefined();
  });

  it("takes files with a mark in front, and empty ones", async () => {
    expect(await find(`\uFEFF${JSON.stringify({ auths: { "ghcr.io": alice } })}`)).toEqual(alice);
    expect(await find("")).toBeUndefined();
    expect(await find(" \n")).toBeUndefined();
  });

  it("says which file is broken, without its content", async () => {
    for (const config of ['{"auths": "s3cret', "[]"]) {
      await expect(find(config)).rejects.toThrow(
        `${join(folder, "config.json")} is not a configuration of docker: it has to be a JSON object`,
      );
    }
  });

  it.each(["../x", "a b", "a;b", "-x", "/bin/sh"])("runs no helper %j", async (credsStore) => {
    await expect(find({ credsStore })).rejects.toThrow("characters other than A-Z a-z 0-9");
  });
});
