/** What messages need of the platform, in a plugin in TypeScript. */
import { type Engine, engine } from "./engine.js";

export { base64Decode, base64Encode } from "./web-base64.js";

// Nothing imports this module but a bundle for the engine.
export const { utf8Read, utf8Write } = engine as Engine;
