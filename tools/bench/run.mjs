/**
 * Benchmarks against named peers: `npm run bench -- codec`. The first run of those with peers installs them
 * into this folder.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const benchmarks = {
  codec: "./codec/run.mjs",
  calls: "./calls/run.mjs",
  build: "./build/run.mjs",
  interop: "./interop/run.mjs",
  languages: "./languages/run.mjs",
  limits: "./limits/run.mjs",
  oci: "./oci/run.mjs",
  playground: "./playground/run.mjs",
  remote: "./remote/run.mjs",
  rust: "./build/rust.mjs",
  typescript: "./typescript/run.mjs",
  pictures: "../pictures/run.mjs",
};
/** Those that compare with the packages in this folder. */
const withPeers = ["codec", "calls"];

const [name] = process.argv.slice(2);
const path = benchmarks[name];
if (path === undefined) {
  console.error(`Which one? npm run bench -- ${Object.keys(benchmarks).join("|")}`);
  process.exit(1);
}
if (withPeers.includes(name)) installOnce(here);
await (await import(path))[name]();
