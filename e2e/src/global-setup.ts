import { repositoryRoot } from "./repository.js";
import { runOk } from "./run.js";

/** Packs the packages once for all e2e tests. */
export default function globalSetup(): void {
  runOk("npm run pack", repositoryRoot);
}
