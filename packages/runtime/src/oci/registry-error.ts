import { brand } from "../errors/brand.js";
import { PluginLoadError } from "../errors/plugin-errors.js";

/** What RegistryError carries beside its message. */
export interface RegistryErrorDetails {
  /** HTTP status, if the registry answered. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A registry refused something, can't be reached, or sent what is not what was asked for. The message never contains
 * passwords, tokens or queries of URLs.
 */
export class RegistryError extends PluginLoadError {
  static {
    brand(this, "RegistryError");
  }

  /** HTTP status, if the registry answered. */
  readonly status: number | undefined;

  constructor(message: string, { status, cause }: RegistryErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}
