/**
 * Real-world protos, from packages of npm. `roots` are the folders that imports are relative to; `pick` chooses the files
 * that code is generated for, to which come all that they import.
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
    pick: () => true,
  },
  {
    name: "envoy",
    package: "@grpc/grpc-js-xds",
    roots: ["deps/envoy-api", "deps/xds", "deps/protoc-gen-validate", "deps/googleapis"],
    pick: (path) => /^(envoy|xds|udpa)\//.test(path),
  },
  {
    name: "google-cloud",
    package: "google-proto-files",
    roots: ["."],
    pick: (path) =>
      /^google\/cloud\/(aiplatform|bigquery|dialogflow|run|sql|compute)\//.test(path),
  },
];
