import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Google's protos that are well-known types: https://protobuf.dev/reference/protobuf/google.protobuf/ */
const NAMES = [
  "any",
  "api",
  "duration",
  "empty",
  "field_mask",
  "source_context",
  "struct",
  "timestamp",
  "type",
  "wrappers",
];

/** Their texts by path, as they come with protoc. */
export function wellKnownProtos() {
  const require = createRequire(import.meta.url);
  const include = join(dirname(require.resolve("protoc/package.json")), "include");
  return Object.fromEntries(
    NAMES.map((name) => `google/protobuf/${name}.proto`).map((path) => [
      path,
      readFileSync(join(include, path), "utf8"),
    ]),
  );
}
