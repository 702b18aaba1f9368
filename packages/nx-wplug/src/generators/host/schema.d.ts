export interface HostGeneratorSchema {
  name: string;
  contract: string;
  directory?: string;
  skipFormat?: boolean;
}
