/** Those that become a name by `r#`: https://doc.rust-lang.org/reference/keywords.html, of all editions. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "as async await break const continue dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref " +
    "return static struct trait true type unsafe use where while abstract become box do final macro override priv try typeof " +
    "unsized virtual yield"
  ).split(" "),
);

/** Those that can't: https://doc.rust-lang.org/reference/identifiers.html#raw-identifiers */
const NO_NAMES: ReadonlySet<string> = new Set(["crate", "self", "super", "Self"]);

/** Name of a field, function or module, by the rules of prost: `HTTPGet2Keys` is `http_get2_keys`. */
export function snakeCase(name: string): string {
  return nameOf(words(name).join("_").toLowerCase());
}

/** Name of a type or of an enum's value, by the rules of prost: `http_get` and `HTTPGet` are `HttpGet`. */
export function upperCamelCase(name: string): string {
  const capitalised = words(name).map(
    (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
  );
  return nameOf(capitalised.join(""));
}

/** Name of a constant: `GREETER_API_VERSION`. */
export function constantCase(name: string): string {
  return nameOf(words(name).join("_").toUpperCase());
}

/** A name as code has it. */
export function identifier(name: string): string {
  return KEYWORDS.has(name) ? `r#${name}` : name;
}

/** `wanted`, or the first of `wanted_`, `wanted__`, … that is not in `taken`, to which it is added. */
export function claimRustName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name += "_";
  taken.add(name);
  return name;
}

function words(name: string): string[] {
  return name
    .replace(/([a-z][0-9]*)([A-Z])/g, "$1_$2")
    .replace(/([A-Z][0-9]*)([A-Z][a-z])/g, "$1_$2")
    .split(/[_$]+/)
    .filter((word) => word !== "");
}

function nameOf(joined: string): string {
  // "_" leaves nothing, "_1" a number.
  if (!/^[A-Za-z]/.test(joined)) return `_${joined === "" ? "0" : joined}`;
  return NO_NAMES.has(joined) ? `${joined}_` : joined;
}
