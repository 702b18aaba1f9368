export interface PluginGeneratorSchema {
  name: string;
  language?: string;
  contract?: string;
  directory?: string;
  skipFormat?: boolean;
}
