export interface BumpVersionGeneratorSchema {
  contract: string;
  service?: string;
  version?: number;
}
