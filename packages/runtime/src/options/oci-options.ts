/** Who asks a registry. */
export type RegistryCredentials =
  | { readonly username: string; readonly password: string }
  /** A token that is exchanged for others, as `docker login` gets it from some registries. */
  | { readonly identityToken: string }
  /** A token that the registry takes as it is. */
  | { readonly registryToken: string };

/** A plugin before its bytes are loaded, for those who decide whether they may be. */
export interface SignedPlugin {
  /** As it was given: `oci://ghcr.io/acme/greeter:1.2`. */
  readonly reference: string;
  /** Digest of its manifest, which signatures are about: `sha256:…`. */
  readonly manifest: string;
  /** Digest of its wasm. */
  readonly layer: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The bundles of Sigstore that the registry has for it, as JSON. Nothing in them is checked yet. */
  readonly bundles: readonly string[];
}

/** Whose plugins are accepted. */
export interface VerifyOptions {
  /** One or more public keys as PEM. A bundle of cosign that one of them signed must be there. */
  readonly key?: string | readonly string[] | undefined;
  /** Whatever else decides. Refuses a plugin by throwing. */
  readonly check?: ((plugin: SignedPlugin) => void | Promise<void>) | undefined;
}

/** How plugins are loaded from OCI registries: `load("oci://ghcr.io/acme/greeter:1.2", { oci: { … } })`. */
export interface OciOptions {
  /** Path of a lockfile, which says which digests tags stand for. `wplug lock` writes it. */
  readonly lock?: string | undefined;
  /** Loads tags that no lockfile pins: whoever may push to the repository decides what is loaded. Off unless given. */
  readonly unpinned?: boolean | undefined;
  /**
   * Folder where what was loaded is kept, by digest; `false` for none. Unless given, `wplug/oci` in the user's folder for
   * caches.
   */
  readonly cache?: string | false | undefined;
  /** Asks no registry: loads from the cache alone. */
  readonly offline?: boolean | undefined;
  /** Registries that are asked in place of others: `{ "ghcr.io": "mirror.example.com/ghcr" }`. */
  readonly mirrors?: Readonly<Record<string, string>> | undefined;
  /** Credentials for a registry, if it wants any. Unless given, those of `docker login`. */
  readonly credentials?:
    | ((host: string) => RegistryCredentials | undefined | Promise<RegistryCredentials | undefined>)
    | undefined;
  readonly verify?: VerifyOptions | undefined;
  /** Path of a policy, which says from where plugins are accepted, and whose. */
  readonly policy?: string | undefined;
  /** Most bytes that a plugin may have; 256 MiB unless given. */
  readonly maxSize?: number | undefined;
  /** How often a request is made again if the registry does not answer, or is busy; 3 unless given. */
  readonly retries?: number | undefined;
  /** Milliseconds in which nothing comes; 30,000 unless given. */
  readonly timeout?: number | undefined;
  /** Told how many bytes of how many have come. */
  readonly onProgress?: ((bytes: number, size: number) => void) | undefined;
  /** Makes requests; the platform's `fetch` unless given, or that of undici, if it is installed, through the proxy of HTTPS_PROXY. */
  readonly fetch?: typeof fetch | undefined;
}
