import { checkNode } from "./check-node";

checkNode();

export { createDependencies } from "./graph/create-dependencies";
export { createNodes, createNodesV2 } from "./graph/create-nodes";
