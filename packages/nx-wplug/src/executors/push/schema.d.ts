export interface PushExecutorSchema {
  registry?: string;
  repository?: string;
  tag?: string;
  file?: string;
  signKey?: string;
  force?: boolean;
  dryRun?: boolean;
}
