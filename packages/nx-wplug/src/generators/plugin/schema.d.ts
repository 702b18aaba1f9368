export interface PluginGeneratorSchema {
  name: string;
  language?: string;
  contract?: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  publishable?: boolean;
  skipFormat?: boolean;
}
