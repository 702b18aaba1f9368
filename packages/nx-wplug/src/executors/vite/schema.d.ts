export interface ViteExecutorSchema {
  command: "build" | "dev" | "preview";
  /** What is not an option of Nx, as it was typed. */
  __unparsed__?: string[];
}
