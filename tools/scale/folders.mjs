import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
/** Where programs and configurations are written. */
export const work = join(root, "tmp/scale");
