import { brand, hasBrand } from "./brand.js";

/** What every error of this package is an instance of. */
export class WplugError extends Error {
  static {
    brand(this, "WplugError");
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return hasBrand(this, value);
  }
}
