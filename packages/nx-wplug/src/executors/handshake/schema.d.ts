export interface HandshakeExecutorSchema {
  json: string;
}
