export interface TestExecutorSchema {
  /** What is not an option of Nx, as it was typed. */
  __unparsed__?: string[];
}
