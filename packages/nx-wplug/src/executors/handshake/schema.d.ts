export interface HandshakeExecutorSchema {
  /** The one plugin to check. */
  plugin?: string;
  /** Reports of other tasks to join, relative to the project, instead of checking anything. */
  reports?: string[];
  json: string;
  junit: string;
  /** Whether to write a page beside `json`. */
  html?: boolean;
}
