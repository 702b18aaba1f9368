export interface ContractGeneratorSchema {
  name: string;
  directory?: string;
  skipFormat?: boolean;
}
