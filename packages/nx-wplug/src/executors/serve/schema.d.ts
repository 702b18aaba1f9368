export interface ServeExecutorSchema {
  main: string;
  plugins: readonly string[];
  args: readonly string[];
  watch: boolean;
  buildTarget: string;
}
