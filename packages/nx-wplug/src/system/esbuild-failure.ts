import type { BuildFailure } from "esbuild";

/** As much as there is of the result of a build that failed. */
export interface FailedBuild extends Pick<BuildFailure, "errors" | "warnings"> {
  readonly outputFiles?: undefined;
  readonly metafile?: undefined;
}

/**
 * What esbuild has to say of a build that failed: for `catch`, where its messages are wanted and not its error.
 *
 * @throws whatever else went wrong
 */
export function failedBuild(error: unknown): FailedBuild {
  if (error instanceof Error && "errors" in error && "warnings" in error) {
    return error as Error & FailedBuild;
  }
  throw error;
}
