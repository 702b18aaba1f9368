// As the build of the example leaves it.
export * from "../../../examples/helloworld/contract/dist/index.js";
export * from "../../../examples/helloworld/contract/dist/host.js";
