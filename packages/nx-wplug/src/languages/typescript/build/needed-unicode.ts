const NORMALIZATION = 1;
const PROPERTIES = 2;

/**
 * Parts of Unicode that a bundle can reach, as bits for the engine. A method is called by its name. A regular expression of the
 * source was compiled at build, unless a method compiles it again, with other flags; others are made by `RegExp`. What gets at
 * either in a way that names neither gets an error that says why.
 */
export function neededUnicode(bundle: string): number {
  return (
    (/normalize|localeCompare/.test(bundle) ? NORMALIZATION : 0) |
    (/RegExp|[pP]\{/.test(bundle) ? PROPERTIES : 0)
  );
}
