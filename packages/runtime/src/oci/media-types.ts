/** https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md */
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const INDEX = "application/vnd.oci.image.index.v1+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";

/** https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/ */
export const WASM_CONFIG = "application/vnd.wasm.config.v0+json";
export const WASM = "application/wasm";

/** What go-plugin's README pushes, and older tools. */
export const MODULE_CONFIG = "application/vnd.module.wasm.config.v1+json";
export const MODULE_LAYER = "application/vnd.module.wasm.content.layer.v1+wasm";
export const OLD_LAYER = "application/vnd.wasm.content.layer.v1+wasm";

/** Bundles of Sigstore, of any version. */
export const BUNDLE_PREFIX = "application/vnd.dev.sigstore.bundle";
export const BUNDLE = `${BUNDLE_PREFIX}.v0.3+json`;

/** What cosign signed until version 3: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
export const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

export const TITLE = "org.opencontainers.image.title";
