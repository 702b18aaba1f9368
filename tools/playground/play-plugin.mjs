import { copyFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildGenerated } from "../generated-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const wplug = createRequire(join(root, "packages/nx-wplug/package.json"));

/** Loads a built module of nx-wplug. */
export const built = (path) => wplug(join(root, "packages/nx-wplug/dist", path));

/** The page, as it is published. */
export const pagePath = join(root, "packages/nx-wplug/dist/playground/page.html");

function large() {
  const fields = Array.from({ length: 500 }, (_, i) => `  string f${i + 1} = ${i + 1};`);
  return `\nmessage Large {\n${fields.join("\n")}\n}\n`;
}

/**
 * A plugin that describes its contract, with every kind of field, and a message of 500.
 *
 * @param {string} work folder, which is emptied
 * @returns absolute path of the .wasm
 */
export async function buildPlugin(work) {
  const proto = readFileSync(join(here, "playground.proto"), "utf8") + large();
  await buildGenerated(work, {
    protos: { "playground.proto": proto },
    sources: [],
    programs: [],
    plugin: readFileSync(join(here, "plugin.ts"), "utf8"),
    section: async () => ({
      wplug: {
        generator: "wplug",
        language: "assemblyscript",
        services: [{ typeName: "play.v1.Play", version: 3 }],
      },
      descriptors: built("descriptors/describe-contract.js").describeContract(
        await built("contract/compile/compile-protos.js").compileProtos({
          root: join(work, "proto"),
        }),
      ),
    }),
  });
  const path = join(work, "play.wasm");
  copyFileSync(join(work, "dist/plugin.wasm"), path);
  return path;
}
