import { propertyOf } from "./property-of.js";

/**
 * Lets `instanceof` work between the ESM and the CommonJS copy of this package, which a program may load side by
 * side: an error is an instance of a class if it carries the class's brand, whichever copy made it.
 */
const own = Symbol.for("@wplug/runtime.brand");

interface Branded {
  readonly prototype: object;
  readonly [own]?: symbol;
}

/** Marks an error class and names it. For the static block of the class. */
export function brand(errorClass: Branded, name: string): void {
  const symbol = Symbol.for(`@wplug/runtime.${name}`);
  Object.defineProperty(errorClass, own, { value: symbol });
  Object.defineProperties(errorClass.prototype, {
    [symbol]: { value: true },
    name: { value: name, configurable: true },
  });
}

/** `Symbol.hasInstance` of a branded class. A subclass without a brand of its own keeps the ordinary rule. */
export function hasBrand(errorClass: Branded, value: unknown): boolean {
  const symbol = Object.hasOwn(errorClass, own) ? errorClass[own] : undefined;
  return symbol === undefined
    ? Object.prototype.isPrototypeOf.call(errorClass.prototype, value as object)
    : propertyOf(value, symbol) === true;
}
