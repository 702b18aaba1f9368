/**
 * The protos whose types are in the package @wplug/well-known-types:
 * https://protobuf.dev/reference/protobuf/google.protobuf/
 */
export const WELL_KNOWN_PROTOS: readonly string[] = [
  "any",
  "api",
  "descriptor",
  "duration",
  "empty",
  "field_mask",
  "source_context",
  "struct",
  "timestamp",
  "type",
  "wrappers",
].map((name) => `google/protobuf/${name}.proto`);
