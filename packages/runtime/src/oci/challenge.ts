/** How a server wants to be told who asks: `Bearer realm="https://…",service="…"`. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`);
const SCHEME = new RegExp(`^(${TOKEN})(?=\\s|,|$)`);

/**
 * Reads a header WWW-Authenticate. What is not well-formed ends it.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = header;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, "");
    const parameter = PARAMETER.exec(rest);
    const scheme = SCHEME.exec(rest);
    if (parameter !== null) {
      const [whole, name = "", quoted, plain = ""] = parameter;
      const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
      challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
      rest = rest.slice(whole.length);
    } else if (scheme !== null) {
      const [whole, name = ""] = scheme;
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
      rest = rest.slice(whole.length);
    } else {
      return challenges;
    }
  }
}
