export * from "./gen/plugin.js";
