// In one module: what is injected is loaded by all others, so that signals would come in front of what they are made of.
export { Event, EventTarget } from "event-target-shim";
export { AbortController, AbortSignal } from "./abort-signal.mjs";
