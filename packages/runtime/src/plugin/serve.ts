/**
 * The first module of each bundle of a plugin: globals, and what the engine calls.
 *
 * @module
 */
import { NO_BYTES } from "../messages/wire/no-bytes.js";
import type { Engine } from "../platform/engine.js";
import { engine } from "../platform/engine.js";
import { describeError } from "./describe-error.js";
import { addConsole } from "./globals/console.js";
import { addTextCoders } from "./globals/text-coders.js";
import { addTimers, runTimer } from "./globals/timers.js";
import { addCrypto } from "./globals/crypto.js";
import { addBase64 } from "./globals/base64.js";
import { LINKAGE_RPC, linkage } from "./linkage.js";
import { callService, replyOf } from "./services.js";

if (engine !== undefined) start(engine);

function start(engine: Engine): void {
  // Not for authors: what is behind it has no types, and may change.
  delete (globalThis as { __wplug?: Engine }).__wplug;
  addConsole(engine);
  addTextCoders(engine);
  addTimers();
  addCrypto(engine);
  addBase64();
  engine.serve(
    (rpc, request) =>
      rpc === LINKAGE_RPC
        ? new TextEncoder().encode(JSON.stringify(linkage))
        : callService(rpc, request),
    replyOf,
    (error) => describeError(engine, error),
    () => runTimer(engine),
    NO_BYTES,
  );
}
