export interface PlaygroundExecutorSchema {
  port: number;
  watch: boolean;
  buildTarget: string;
}
