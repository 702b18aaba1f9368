/** Specifier of a generated module, both given relative to the folder of generated files. */
export function relativeModule(from: string, to: string): string {
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  while (here.length > 0 && there.length > 1 && here[0] === there[0]) {
    here.shift();
    there.shift();
  }
  return (here.length === 0 ? "./" : "../".repeat(here.length)) + there.join("/");
}
