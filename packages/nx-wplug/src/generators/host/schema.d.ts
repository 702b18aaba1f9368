export interface HostGeneratorSchema {
  name: string;
  contract: string;
  directory?: string;
  importPath?: string;
  tags?: string;
  platform?: "node" | "browser";
  skipFormat?: boolean;
}
