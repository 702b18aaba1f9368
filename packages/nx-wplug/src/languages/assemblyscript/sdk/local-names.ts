/** Hands out names that are unique in their scope: a name that is taken gets a `$`, which no proto name has. */
export class LocalNames {
  private readonly taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set(taken);
  }

  /** `wanted`, or the first of `wanted$`, `wanted$$`, … that is free. */
  claim(wanted: string): string {
    let name = wanted;
    while (this.taken.has(name)) name += "$";
    this.taken.add(name);
    return name;
  }
}
