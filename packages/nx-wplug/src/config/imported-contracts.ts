import { UserError } from "../errors/user-error";

/**
 * Names of the contracts whose protos a contract needs: those that it imports, and those that these import, each after the
 * ones that it imports itself.
 *
 * @param importsOf what the wplug.json of a contract names
 * @throws UserError that names the contracts of a circle
 */
export function importedContracts(
  contract: string,
  importsOf: (contract: string) => readonly string[],
): string[] {
  const found = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const way = [...path, name];
    if (path.includes(name)) throw new UserError(circleMessage(way.slice(path.indexOf(name))));
    for (const imported of importsOf(name)) {
      if (found.has(imported)) continue;
      visit(imported, way);
      found.add(imported);
    }
  };
  visit(contract, []);
  return [...found];
}

function circleMessage(way: readonly string[]): string {
  if (way.length === 2) return `"imports" in the wplug.json of ${way[0]} names itself.`;
  return (
    `"imports" in wplug.json goes in a circle: ${way.join(" -> ")}. Leave one of them out, and move what both need to a ` +
    "contract of its own."
  );
}
