export interface HandshakeExecutorSchema {
  json: string;
  junit: string;
}
