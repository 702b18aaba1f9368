export interface ContractGeneratorSchema {
  name: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  commitGenerated?: boolean;
  publishable?: boolean;
  skipFormat?: boolean;
}
