import { isDigest, type Digest } from "./digest.js";
import { RegistryError } from "./registry-error.js";

/** A plugin, or a repository of plugins, in a registry. */
export interface Reference {
  /** As it was given. */
  readonly text: string;
  /** With the port, if one is named: `localhost:5000`. */
  readonly host: string;
  /** The repository: `acme/greeter`. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

/** A reference without a tag or a digest. */
export type Repository = Pick<Reference, "text" | "host" | "name">;

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`);
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const NAME = new RegExp(`^${PART}(?:/${PART})*$`);
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
/** Longest name that registries take, host included. */
const NAME_MAX = 255;

export function isReference(source: string): boolean {
  return /^oci:/i.test(source);
}

/**
 * Reads `oci://HOST/NAME:TAG`, `oci://HOST/NAME@DIGEST`, or one with both.
 *
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 *
 * @throws RegistryError that says which part is wrong
 */
export function parseReference(text: string): Reference {
  const reference = parse(text);
  if (reference.tag === undefined && reference.digest === undefined) {
    throw new RegistryError(`${shown(text)}: which one? Add a tag (:1.2) or a digest (@sha256:…)`);
  }
  return reference;
}

/**
 * Reads `oci://HOST/NAME`.
 *
 * @throws RegistryError also if there is a tag or a digest
 */
export function parseRepository(text: string): Repository {
  const { tag, digest, ...repository } = parse(text);
  if (tag === undefined && digest === undefined) return repository;
  throw new RegistryError(`${shown(text)}: expected a repository, without a tag or a digest`);
}

function parse(text: string): Reference {
  const [, host = "", rest = ""] = /^oci:\/\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  const what = shown(text);
  if (host === "" || rest === "") {
    throw new RegistryError(
      `${what} is no reference to a plugin in a registry: one looks like oci://ghcr.io/acme/greeter:1.2`,
    );
  }
  if (!HOST.test(host)) {
    throw new RegistryError(
      `${what}: its host is no name of a registry, such as ghcr.io or localhost:5000; users and passwords come from docker login`,
    );
  }
  const at = rest.indexOf("@");
  const front = at < 0 ? rest : rest.slice(0, at);
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const colon = front.lastIndexOf(":");
  const name = colon < 0 ? front : front.slice(0, colon);
  const tag = colon < 0 ? undefined : front.slice(colon + 1);
  if (!NAME.test(name) || host.length + name.length >= NAME_MAX) {
    throw new RegistryError(
      `${what}: its path is no name of a repository: lower-case letters and digits, with . _ - / between them`,
    );
  }
  if (tag !== undefined && !TAG.test(tag)) {
    throw new RegistryError(
      `${what}: what follows the colon is no tag: at most 128 letters, digits, and . _ -`,
    );
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw new RegistryError(
      `${what}: what follows the @ is no digest: sha256: and 64 hexadecimal digits`,
    );
  }
  return { text, host, name, tag, digest };
}

/** A reference for a message: passwords and queries that somebody put into it are left out. */
export function shown(text: string): string {
  return text
    .replace(/\/\/[^@]*@(?!sha256:)/s, "//…@")
    .replace(/[?#].*$/s, "…")
    .slice(0, 300);
}

/** Whether a host is this machine by its very name: the only ones that are spoken to without TLS. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}
