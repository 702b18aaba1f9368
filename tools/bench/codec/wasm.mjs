/** The codec in plugins: wplug's AssemblyScript classes and those of as-proto, each compiled to wasm with the same options. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Messages of bench.proto by the workload that they are. */
const TYPES = { tiny: "Tiny", request: "Request", large: "Large" };

/** To an array of its own, which is what as-proto can do. */
const toArray = {
  declarations: "let output = new Uint8Array(0);",
  address: "output.dataStart",
  size: "output.length",
};
const wplugTypes = 'import { Large, Request, Tiny } from "./wplug/bench.pb";';
/** asc's garbage collector, and the one that `nx build` gives to plugins. */
const ASC_RUNTIME = "incremental";
const WPLUG_RUNTIME = "wplug.runtime";

const asProto = {
  ...toArray,
  imports: [
    'import { Protobuf } from "as-proto/assembly";',
    ...Object.values(TYPES).map((type) => `import { ${type} } from "./as-proto/bench/${type}";`),
  ].join("\n"),
  encode: (type) => `output = Protobuf.encode<${type}>(message, ${type}.encode);`,
  decode: (type) => `Protobuf.decode<${type}>(bytes, ${type}.decode)`,
};

const PEERS = {
  "wplug (wasm)": {
    ...toArray,
    runtime: WPLUG_RUNTIME,
    imports: wplugTypes,
    encode: () => "output = message.encode();",
    decode: (type) => `${type}.decode(bytes)!`,
  },
  // To memory that is used again for each call.
  "wplug, answering a call (wasm)": {
    runtime: WPLUG_RUNTIME,
    imports: `${wplugTypes}\nimport { Output } from "@wplug/runtime/assembly/wire";`,
    declarations: "const output = new Output();",
    address: "output.address",
    size: "<i32>output.size",
    encode: () => "output.reset(); message.$write(output);",
    decode: (type) => `${type}.decode(bytes)!`,
  },
  "as-proto (wasm)": { ...asProto, runtime: ASC_RUNTIME },
  // What the collector alone makes of it.
  "as-proto, our collector (wasm)": { ...asProto, runtime: WPLUG_RUNTIME },
};

/**
 * Compiles a module for each library.
 *
 * @param work where the protos are in `proto/` and node_modules is in a folder above
 * @returns modules by name of the library
 */
export async function compileModules(work, root) {
  const require = createRequire(join(root, "package.json"));
  const folder = join(work, "assembly");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "as-proto"), { recursive: true });
  const { generate } = require(join(root, "packages/nx-wplug/dist/codegen/index.js"));
  await generate({
    protoRoot: join(work, "proto"),
    pluginOuts: { assemblyscript: join(folder, "wplug") },
  });
  execFileSync(process.execPath, [
    require.resolve("protoc/protoc.cjs"),
    `--plugin=protoc-gen-as=${join(work, "../node_modules/.bin/as-proto-gen")}`,
    `--as_out=${join(folder, "as-proto")}`,
    `-I${join(work, "proto")}`,
    "bench.proto",
  ]);
  const { runAsc } = require(
    join(root, "packages/nx-wplug/dist/languages/assemblyscript/asc/run-asc.js"),
  );
  const { COLLECTOR_SOURCE } = require(
    join(root, "packages/nx-wplug/dist/languages/assemblyscript/asc/compile-plugin.js"),
  );
  const modules = {};
  for (const [library, peer] of Object.entries(PEERS)) {
    const { binary, diagnostics, failure } = await runAsc({
      arguments: [
        "entry.ts",
        ...["--baseDir", folder, "--config", "none.json", "--runtime", peer.runtime, "-O3"],
        ...["--exportStart", "_initialize", "--use", "abort=", "--outFile", "entry.wasm"],
      ],
      baseDir: folder,
      virtualFiles: {
        "none.json": "{}",
        "entry.ts": entry(peer),
        [`${WPLUG_RUNTIME}.ts`]: COLLECTOR_SOURCE,
      },
      packages: [
        ["@wplug/runtime/assembly", join(root, "packages/runtime/assembly")],
        ["as-proto", dirname(createRequire(join(work, "x.js")).resolve("as-proto/package.json"))],
      ],
    });
    if (binary === undefined) {
      throw new Error([failure, ...diagnostics.map(({ message }) => message)].join("\n"));
    }
    modules[library] = binary;
  }
  return modules;
}

/** Each operation in a loop inside the module, so that the calls into it don't count. */
function entry({ imports, declarations, address, size, encode, decode }) {
  const operations = Object.entries(TYPES).map(
    ([workload, type]) => `
let ${workload}: ${type} = new ${type}();
export function ${workload}_decode(times: i32): void {
  for (let i = 0; i < times; i++) ${workload} = ${decode(type)};
}
export function ${workload}_encode(times: i32): i32 {
  const message = ${workload};
  for (let i = 0; i < times; i++) {
    ${encode(type)}
  }
  return ${size};
}`,
  );
  return `${imports}
let bytes = new Uint8Array(0);
${declarations}
export function input(size: i32): usize {
  bytes = new Uint8Array(size);
  return bytes.dataStart;
}
export function result(): usize {
  return ${address};
}
${operations.join("\n")}
`;
}
