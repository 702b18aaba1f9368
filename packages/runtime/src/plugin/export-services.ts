/**
 * The last module before those of the author in a plugin whose top level runs at load. What the build has to know of the plugin
 * is known here, so the build runs it so far and no further.
 *
 * @module
 */
import { engine } from "../platform/engine.js";
import { exportDeclaredServices } from "./services.js";

exportDeclaredServices();
if (engine?.stopsBeforeAuthor) throw new Error("the build has seen what it needs");
