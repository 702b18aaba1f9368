import { fileURLToPath } from "node:url";

import { SuitePlugin } from "./typescript-plugin/src/gen/host.js";
import { serveRequests } from "./testee.js";

// Beside the folder of this file once it is bundled.
const path = fileURLToPath(new URL("../typescript-plugin/dist/plugin.wasm", import.meta.url));
const plugin = await SuitePlugin.load(path);

serveRequests((request) => plugin.sync.answer(request));
