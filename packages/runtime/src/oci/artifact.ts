import { digestOf, isDigest, type Digest } from "./digest.js";
import {
  INDEX,
  DOCKER_LIST,
  MANIFEST,
  MODULE_CONFIG,
  MODULE_LAYER,
  OLD_LAYER,
  TITLE,
  WASM,
  WASM_CONFIG,
} from "./media-types.js";
import { RegistryError } from "./registry-error.js";

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The parts of a manifest that are used. */
export interface Manifest {
  readonly config: Descriptor | undefined;
  /** The one layer with the plugin. */
  readonly layer: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * How a plugin lies in a registry. `"wasm"`: as the CNCF's working group for WebAssembly says; `"module"`: as go-plugin's
 * README does it with oras.
 */
export type ArtifactLayout = "wasm" | "module";

export interface ArtifactOptions {
  /** File name of the plugin. */
  readonly title: string;
  readonly layout?: ArtifactLayout | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** What is pushed: bytes, which nothing writes again, as digests are those of bytes. */
export interface Artifact {
  readonly config: Uint8Array;
  readonly layer: Uint8Array;
  readonly manifest: Uint8Array;
  readonly digest: Digest;
  readonly layerDigest: Digest;
}

/** A plugin as an artifact. The same bytes and options give the same digest, at any time and on any machine. */
export function createArtifact(
  wasm: Uint8Array,
  { title, layout = "wasm", annotations = {} }: ArtifactOptions,
): Artifact {
  const layerDigest = digestOf(wasm);
  const isWasm = layout === "wasm";
  const config = bytesOf(
    isWasm
      ? {
          created: "1970-01-01T00:00:00Z",
          architecture: "wasm",
          os: "wasip1",
          layerDigests: [layerDigest],
        }
      : {},
  );
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest = bytesOf({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: isWasm ? WASM_CONFIG : MODULE_CONFIG,
      digest: digestOf(config),
      size: config.length,
    },
    layers: [
      {
        mediaType: isWasm ? WASM : MODULE_LAYER,
        digest: layerDigest,
        size: wasm.length,
        annotations: { [TITLE]: title },
      },
    ],
    ...(sorted.length === 0 ? {} : { annotations: Object.fromEntries(sorted) }),
  });
  return { config, layer: wasm, manifest, digest: digestOf(manifest), layerDigest };
}

function bytesOf(json: object): Uint8Array {
  return Buffer.from(JSON.stringify(json));
}

const WASM_LAYERS = [WASM, MODULE_LAYER, OLD_LAYER];

/**
 * Reads a manifest and finds the plugin in it.
 *
 * @param name what errors call it
 * @throws RegistryError if it is no manifest of one plugin
 */
export function readManifest(name: string, bytes: Uint8Array): Manifest {
  const json = readJson(name, bytes);
  if ("manifests" in json || json["mediaType"] === INDEX || json["mediaType"] === DOCKER_LIST) {
    throw new RegistryError(
      `${name} is an index of several images, not one plugin: add the digest of one of them (@sha256:…)`,
    );
  }
  const layers = Array.isArray(json["layers"]) ? (json["layers"] as readonly unknown[]) : [];
  const layer = descriptorOf(name, findPlugin(name, layers.filter(isObject)));
  const config = isObject(json["config"]) ? descriptorOf(name, json["config"]) : undefined;
  return { config, layer, annotations: annotationsOf(json) };
}

/**
 * @param name what errors call it
 * @throws RegistryError if it is no JSON object
 */
export function readJson(name: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    json = undefined;
  }
  if (isObject(json)) return json;
  throw new RegistryError(`${name}: the registry sent something else than a manifest`);
}

type Json = Readonly<Record<string, unknown>>;

function findPlugin(name: string, layers: readonly Json[]): Json {
  const wasm = layers.filter(({ mediaType }) => WASM_LAYERS.includes(mediaType as string));
  // Pushed without a media type: oras push ghcr.io/acme/greeter greeter.wasm
  const titled = layers.filter((it) => annotationsOf(it)[TITLE]?.endsWith(".wasm"));
  const candidates = wasm.length > 0 ? wasm : titled;
  const [plugin] = candidates;
  if (plugin !== undefined && candidates.length === 1) return plugin;
  if (candidates.length > 1) {
    throw new RegistryError(`${name} has ${candidates.length} WebAssembly layers: a plugin is one`);
  }
  const types = layers.map(({ mediaType }) => printable(mediaType));
  throw new RegistryError(
    `${name} has no WebAssembly layer, so it is no plugin; its layers are ${types.join(", ") || "none"}`,
  );
}

function descriptorOf(name: string, json: Json): Descriptor {
  const { mediaType, digest, size } = json;
  if (typeof mediaType !== "string" || !isDigest(digest) || !Number.isSafeInteger(size)) {
    throw new RegistryError(
      `${name}: a layer is not described as it must be, by a type, a digest of SHA-256 and a size`,
    );
  }
  return { mediaType, digest, size: size as number, annotations: annotationsOf(json) };
}

function annotationsOf(json: Json): Readonly<Record<string, string>> {
  const { annotations } = json;
  if (!isObject(annotations)) return {};
  return Object.fromEntries(
    Object.entries(annotations).filter((it): it is [string, string] => typeof it[1] === "string"),
  );
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Something of a registry's, as far as it may be shown. */
function printable(value: unknown): string {
  return typeof value === "string" && /^[\w.+/-]{1,100}$/.test(value) ? value : "unknown";
}
