export interface PublishableGeneratorSchema {
  project: string;
  skipFormat?: boolean;
}
