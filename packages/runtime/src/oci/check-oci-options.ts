import type { OciOptions } from "../options/oci-options.js";
import { RegistryError } from "./registry-error.js";

/** What the numbers of the options may be, and their unit. */
const NUMBERS = {
  maxSize: { unit: "bytes", from: 1, to: 2 ** 32 },
  retries: { unit: "times", from: 0, to: 100 },
  timeout: { unit: "milliseconds", from: 1, to: 2 ** 31 - 1 },
} as const;

/** @throws RegistryError that names the option: one that is missed would make a plugin less checked than somebody thinks */
export function checkOciOptions(options: OciOptions): void {
  for (const [name, { unit, from, to }] of Object.entries(NUMBERS)) {
    const value = options[name as keyof typeof NUMBERS];
    if (value === undefined || (typeof value === "number" && value >= from && value <= to))
      continue;
    throw new RegistryError(`oci.${name} must be a number of ${unit} from ${from} to ${to}`);
  }
  for (const name of ["lock", "policy"] as const) {
    const value: unknown = options[name];
    // With an empty text, somebody's variable is not set.
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    throw new RegistryError(`oci.${name} must be the path of a file`);
  }
  const { verify } = options;
  if (verify === undefined) return;
  const keys = [verify.key ?? []].flat();
  if (keys.length > 0 || typeof verify.check === "function") return;
  throw new RegistryError(
    "oci.verify needs a key or a check: as it is, it would accept everything",
  );
}
