import type { TestRunnerOption } from "../util/choose-test-runner";

export interface PluginGeneratorSchema {
  name: string;
  language?: string;
  contract?: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  publishable?: boolean;
  unitTestRunner?: TestRunnerOption;
  skipFormat?: boolean;
}
