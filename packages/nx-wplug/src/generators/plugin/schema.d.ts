export interface PluginGeneratorSchema {
  name: string;
  language?: string;
  contract?: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  skipFormat?: boolean;
}
