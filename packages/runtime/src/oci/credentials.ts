import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { reasonOf } from "../errors/reason-of.js";
import type { RegistryCredentials } from "../options/oci-options.js";
import { isObject } from "./artifact.js";
import { helperCommand } from "./helper-command.js";
import { RegistryError } from "./registry-error.js";

type Environment = Readonly<Record<string, string | undefined>>;
type Json = Readonly<Record<string, unknown>>;

/**
 * The credentials for a registry that `docker login`, `podman login` or `oras login` have left on this machine.
 *
 * @returns undefined if there are none
 * @throws RegistryError if a file or a helper is there and can't be used
 */
export async function findCredentials(
  host: string,
  env: Environment = process.env,
): Promise<RegistryCredentials | undefined> {
  for (const file of configFiles(env)) {
    const config = await readConfig(file);
    const found = config && (await credentialsIn(config, host, env));
    if (found !== undefined) return found;
  }
  return undefined;
}

function configFiles({
  DOCKER_CONFIG,
  REGISTRY_AUTH_FILE,
  XDG_RUNTIME_DIR,
}: Environment): string[] {
  return [
    REGISTRY_AUTH_FILE,
    join(DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json"),
    XDG_RUNTIME_DIR && join(XDG_RUNTIME_DIR, "containers/auth.json"),
  ].filter((file) => file !== undefined && file !== "") as string[];
}

async function readConfig(file: string): Promise<Json | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isObject(error) && (error["code"] === "ENOENT" || error["code"] === "ENOTDIR")) return;
    throw new RegistryError(`can't read ${file}: ${reasonOf(error)}`, { cause: error });
  }
  let config: unknown;
  try {
    // Notepad and PowerShell write a mark in front. An empty file is what touch makes.
    config = JSON.parse(text.replace(/^\uFEFF/, "").trim() || "{}");
  } catch {
    // What the parser says would quote the file.
  }
  if (isObject(config)) return config;
  throw new RegistryError(`${file} is not a configuration of docker: it has to be a JSON object`);
}

/** Keys under which a registry's credentials lie. */
function keysOf(host: string): string[] {
  if (host === "docker.io" || host === "registry-1.docker.io" || host === "index.docker.io") {
    // That of docker, and those of podman and helm.
    const names = ["index.docker.io", "docker.io", "registry-1.docker.io"];
    return ["https://index.docker.io/v1/", ...names];
  }
  return ["", "https://", "http://"].flatMap((scheme) =>
    ["", "/", "/v1/", "/v2/", "/v1", "/v2"].map((path) => `${scheme}${host}${path}`),
  );
}

async function credentialsIn(
  { credHelpers, credsStore, auths }: Json,
  host: string,
  env: Environment,
): Promise<RegistryCredentials | undefined> {
  const keys = keysOf(host);
  const [server = host] = keys;
  for (const key of keys) {
    const helper = isObject(credHelpers) ? credHelpers[key] : undefined;
    if (typeof helper === "string") return runHelper(helper, key, env);
  }
  const stored =
    typeof credsStore === "string" && credsStore !== ""
      ? await runHelper(credsStore, server, env)
      : undefined;
  if (stored !== undefined) return stored;
  for (const key of keys) {
    const entry = isObject(auths) ? auths[key] : undefined;
    const found = isObject(entry) ? ofEntry(entry) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofEntry(entry: Json): RegistryCredentials | undefined {
  const { identitytoken, registrytoken, auth, username, password } = entry;
  if (isText(identitytoken)) return { identityToken: identitytoken };
  if (isText(registrytoken)) return { registryToken: registrytoken };
  if (isText(auth)) {
    const pair = Buffer.from(auth, "base64").toString().replace(/\0+$/, "");
    const colon = pair.indexOf(":");
    if (colon > 0) return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  }
  return isText(username) && isText(password) ? { username, password } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Most that a helper may answer, in bytes. */
const ANSWER_MAX = 1 << 20;
/** Milliseconds until it must have answered: some ask a person. */
const HELPER_TIME = 60_000;

/** https://github.com/docker/docker-credential-helpers#development */
function runHelper(
  name: string,
  server: string,
  env: Environment,
): Promise<RegistryCredentials | undefined> {
  // A name, not a path, and nothing that a shell would see.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new RegistryError(
      "the configuration of docker names a credential helper with characters other than A-Z a-z 0-9 . _ -",
    );
  }
  const program = `docker-credential-${name}`;
  return new Promise((resolve, reject) => {
    const failed = (reason: string, cause?: unknown): void =>
      reject(
        new RegistryError(`${program}, which the configuration of docker names, ${reason}`, {
          cause,
        }),
      );
    const { command, args, isVerbatim } = helperCommand(program, env);
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env,
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
    });
    // The option of spawn would keep the process alive where there is no such program.
    const timer = setTimeout(() => child.kill(), HELPER_TIME);
    let answer = "";
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      answer += chunk.toString();
      if (answer.length > ANSWER_MAX) child.kill();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (complaint.length < ANSWER_MAX) complaint += chunk.toString();
    });
    // It may end without reading.
    child.stdin.on("error", () => {});
    child.on("error", (error) => {
      clearTimeout(timer);
      failed(`can't be run: ${reasonOf(error)}; install it, or log in without it`, error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      // What it prints may be secret, and is not shown.
      if (code !== 0) {
        if (/credentials not found/i.test(answer + complaint)) resolve(undefined);
        else failed(`failed with exit code ${code}; run it by hand to see why`);
        return;
      }
      try {
        resolve(ofHelper(JSON.parse(answer)));
      } catch {
        failed("answered with something else than JSON");
      }
    });
    child.stdin.end(server);
  });
}

function ofHelper(answer: unknown): RegistryCredentials | undefined {
  if (!isObject(answer)) return undefined;
  const { Username: username, Secret: secret } = answer;
  if (!isText(username) || !isText(secret)) return undefined;
  return username === "<token>" ? { identityToken: secret } : { username, password: secret };
}
