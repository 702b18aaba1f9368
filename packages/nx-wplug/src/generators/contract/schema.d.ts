import type { TestRunnerOption } from "../util/choose-test-runner";

export interface ContractGeneratorSchema {
  name: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  commitGenerated?: boolean;
  publishable?: boolean;
  unitTestRunner?: TestRunnerOption;
  skipFormat?: boolean;
}
