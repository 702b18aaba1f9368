export interface PluginGeneratorSchema {
  name: string;
  contract?: string;
  directory?: string;
  skipFormat?: boolean;
}
