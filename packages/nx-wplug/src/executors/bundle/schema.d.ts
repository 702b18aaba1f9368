export interface BundleExecutorSchema {
  main: string;
  outputFile: string;
}
