import type { TestRunnerOption } from "../util/choose-test-runner";

export interface InitGeneratorSchema {
  unitTestRunner?: TestRunnerOption;
  skipFormat?: boolean;
}
