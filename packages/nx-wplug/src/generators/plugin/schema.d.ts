export interface PluginGeneratorSchema {
  name: string;
  language?: "assemblyscript" | "go" | "tinygo";
  contract?: string;
  directory?: string;
  skipFormat?: boolean;
}
