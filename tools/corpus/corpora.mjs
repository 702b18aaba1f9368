/**
 * Real-world protos, from packages of npm. `roots` are the folders that imports are relative to; `pick` chooses the files
 * that code is generated for, to which come all that they import. What is `large` runs only when it is asked for.
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
    name: "google-cloud",
    large: true,
    package: "google-proto-files",
    roots: ["."],
    // bigquery/storage has messages of descriptor.proto, which is proto2.
    pick: (path) =>
      /^google\/cloud\/(aiplatform|bigquery\/v2|compute|dialogflow|run|sql)\//.test(path),
  },
];
