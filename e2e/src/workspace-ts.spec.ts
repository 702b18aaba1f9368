import { testWorkspace } from "./test-workspace.js";

describe("a new workspace of npm packages with project references", () => testWorkspace("ts"));
