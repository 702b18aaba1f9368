export interface ContractGeneratorSchema {
  name: string;
  directory?: string;
  commitGenerated?: boolean;
  skipFormat?: boolean;
}
