import { basename, join } from "node:path";

import { build } from "esbuild";

import { contractOf } from "../testing/compile-inline";
import { everythingProtos } from "../testing/everything-proto";
import { emitHostSdk } from "./emit-host-sdk";

/**
 * What a bundler for browsers makes of a module that uses generated code, and the runtime as it is published: what is loaded
 * at once. What the runtime loads when it is needed has files of its own, as with Vite.
 */
async function bundle(contents: string, protos = everythingProtos): Promise<string> {
  const files = new Map(emitHostSdk(contractOf(protos)).map((it) => [it.path, it]));
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: __dirname, loader: "ts" },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    splitting: true,
    outdir: "/",
    metafile: true,
    conditions: ["browser"],
    plugins: [
      {
        name: "generated",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, namespace }) => {
            if (namespace !== "generated" && importer !== "<stdin>") return undefined;
            const from = namespace === "generated" ? join("/", importer, "..") : "/";
            const resolved = join(from, path).slice(1).replace(/\.js$/, ".ts");
            // As the package.json of a contract says.
            return {
              path: resolved,
              namespace: "generated",
              sideEffects: path.endsWith("json.js"),
            };
          });
          onLoad({ filter: /.*/, namespace: "generated" }, ({ path }) => ({
            contents: files.get(path)?.content ?? "",
            loader: "ts",
            resolveDir: __dirname,
          }));
        },
      },
    ],
  });
  const chunks = new Map(Object.entries(metafile.outputs).map(([k, it]) => [basename(k), it]));
  const loaded = new Set(["stdin.js"]);
  for (const name of loaded) {
    for (const { kind, path } of chunks.get(name)?.imports ?? []) {
      if (kind === "import-statement") loaded.add(basename(path));
    }
  }
  return outputFiles
    .filter(({ path }) => loaded.has(basename(path)))
    .map(({ text }) => text)
    .join("");
}

const use = "console.log(Leaf.decode(new Leaf({ weight: 1 }).encode()).weight);";

describe("a bundle", () => {
  it("has no JSON, no other message and no loader where only one message is used", async () => {
    const text = await bundle(`import { Leaf } from "./shared/leaf.pb.js"; ${use}`);
    expect(text).toContain("shared.Leaf");
    expect(text).not.toContain("test.v1.Everything");
    // Names of its error classes: they survive minification.
    expect(text).not.toContain("JsonError");
    expect(text).not.toContain("PluginLoadError");
    // No field of it is a string.
    expect(text).not.toContain("UTF-8");
    expect(text.length).toBeLessThan(10_500);
  });

  it("has nothing of registries at once where plugins are loaded", async () => {
    const text = await bundle(`export { PluginModule } from "@wplug/runtime";`);
    expect(text).toContain("PluginLoadError");
    expect(text).not.toMatch(/RegistryError|registries|vnd\.oci/);
  });

  it("has the descriptors where they are imported, and no byte of them elsewhere", async () => {
    const protos = {
      "greeter.proto": `syntax = "proto3"; package greeter; message Request {}
        // go:plugin type=plugin version=1
        service Greeter { rpc SayHello(Request) returns (Request); }`,
    };
    const { descriptors } = contractOf(protos);
    const text = Buffer.from(descriptors).toString("base64");
    const loader = await bundle(`export { GreeterPlugin } from "./host.js";`, protos);
    expect(loader).toContain("greeter.Greeter");
    expect(loader).not.toContain(text.slice(0, 20));
    const both = await bundle(`export { GreeterPlugin, descriptors } from "./host.js";`, protos);
    expect(both).toContain(text);
  });

  it("has JSON where it is imported", async () => {
    const text = await bundle(
      `import { Leaf } from "./shared/leaf.pb.js"; import "./shared/leaf.json.js"; ${use}`,
    );
    expect(text).toContain("JsonError");
  });
});
