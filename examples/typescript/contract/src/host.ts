export * from "./gen/host.js";
