/**
 * Told about each new version of a plugin's file: `undefined` if it runs now, else why it was not taken; the former
 * version goes on then.
 */
export type ReloadListener = (error: unknown) => void;
