export * from "./gen/index";
