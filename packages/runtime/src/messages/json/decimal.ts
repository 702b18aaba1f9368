/** What JSON allows for a number, and nothing around it. */
const decimal = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** No integer type has more digits. */
const MAX_DIGITS = 20;

/** An integer that no type can hold. */
export const TOO_LONG = Symbol("too long");

export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/** The integer that a decimal number is, also one with a fraction or an exponent: `1.5e3`. Undefined if it is none. */
export function exactInteger(text: string): bigint | typeof TOO_LONG | undefined {
  const match = decimal.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return BigInt(0);
  const significant = withoutTrailingZeros(digits);
  const zeros = Number(exponent) - fraction.length + (digits.length - significant.length);
  if (zeros < 0) return undefined;
  // Before anything is written out: 1e999999999 would be long, and to parse a long text takes quadratic time.
  if (significant.length + zeros > MAX_DIGITS) return TOO_LONG;
  return BigInt(sign + significant + "0".repeat(zeros));
}

/** Not by an expression, which would try anew at each of many zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}
