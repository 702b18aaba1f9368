/**
 * Real-world protos, from packages of npm. `roots` are the folders that imports are relative to; `pick` chooses the files
 * that code is generated for, to which come all that they import; `patch` mends their text. What is `large` runs only when it is
 * asked for.
 */
export const corpora = [
  {
    name: "google-gax",
    package: "google-gax",
    roots: ["build/protos"],
    // Its copies of the well-known types are mixed with protos of protobuf's own tests.
    pick: (path) => !path.startsWith("google/protobuf/"),
  },
  {
    name: "hashgraph",
    package: "@hashgraph/proto",
    roots: ["src/proto"],
    // sdk_transaction_list.proto lacks an import.
    pick: (path) => !path.startsWith("sdk_"),
  },
  {
    name: "opentelemetry",
    package: "@opentelemetry/exporter-otlp-proto",
    // Older than the protocol: later packages have code instead.
    roots: ["build/protos"],
    pick: () => true,
  },
  {
    name: "temporal",
    package: "@temporalio/core-bridge",
    roots: ["sdk-core/crates/protos/protos/api_upstream"],
    pick: (path) => path.startsWith("temporal/"),
  },
  {
    name: "envoy",
    package: "@grpc/grpc-js-xds",
    roots: ["deps/envoy-api", "deps/xds", "deps/protoc-gen-validate", "deps/googleapis"],
    // The copy of protoc-gen-validate beside it is too old for this option, which makes no difference to code.
    patch: (text) => text.replaceAll(/,?\s*ignore_empty: true/g, ""),
    // Some need protos of others that are not in the package.
    pick: (path) =>
      /^envoy\/(config|service|type|admin)\/.*v3\//.test(path) &&
      !/\/(opencensus|trace|trace_service|metrics_service)\.proto$/.test(path),
  },
  {
    name: "protoc-gen-validate",
    package: "@grpc/grpc-js-xds",
    roots: ["deps/protoc-gen-validate"],
    pick: (path) => /^tests\/harness\/cases\//.test(path),
  },
  {
    name: "cel",
    package: "google-proto-files",
    roots: ["."],
    pick: (path) => path.startsWith("google/api/expr/"),
  },
  {
    name: "google-cloud",
    large: true,
    package: "google-proto-files",
    roots: ["."],
    // bigquery/storage has messages of descriptor.proto, as data.
    pick: (path) =>
      /^google\/cloud\/(aiplatform|bigquery\/(storage|v2)|compute|dialogflow|run|sql)\//.test(path),
  },
];
