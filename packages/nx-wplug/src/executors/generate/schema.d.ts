export type GenerateExecutorSchema = Record<string, never>;
