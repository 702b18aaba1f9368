export interface TscExecutorSchema {
  /** The configuration, relative to the project. */
  project: string;
  /** `build`: with everything that it references. `check`: writes nothing. `compile`: as the configuration says. */
  mode: "build" | "check" | "compile";
  /** A configuration of the sources alone, relative to the project, by which they are checked as well. */
  sources?: string;
  /** What is not an option of Nx, as it was typed. */
  __unparsed__?: string[];
}
