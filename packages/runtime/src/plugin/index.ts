/**
 * What authors of plugins in TypeScript import beside their contract: `@wplug/runtime/plugin`.
 *
 * @module
 */

export { fail, PluginFailure } from "./fail.js";
export { exit } from "./exit.js";
export { readFile, readTextFile, writeFile, writeTextFile } from "./files.js";
