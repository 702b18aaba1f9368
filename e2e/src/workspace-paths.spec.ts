import { testWorkspace } from "./test-workspace.js";

describe("a new workspace with paths in tsconfig.base.json", () => testWorkspace("paths"));
