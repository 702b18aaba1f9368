import type { TestRunnerOption } from "../util/choose-test-runner";

export interface HostGeneratorSchema {
  name: string;
  contract: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  platform?: "node" | "browser";
  serve?: boolean;
  unitTestRunner?: TestRunnerOption;
  skipFormat?: boolean;
}
