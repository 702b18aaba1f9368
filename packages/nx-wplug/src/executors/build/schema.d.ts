export interface BuildExecutorSchema {
  main?: string;
  outputFile?: string;
}
