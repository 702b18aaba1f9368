import { dirname, join } from "node:path";

/** The root of this repository. */
export const repositoryRoot = dirname(dirname(__dirname));

/** Paths of what `npm run pack` writes. */
export const tarballs = ["wplug", "wplug-runtime", "wplug-well-known-types"].map((name) =>
  join(repositoryRoot, "dist/packages", `${name}.tgz`),
);
