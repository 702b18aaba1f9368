/**
 * Name of a field or oneof in generated code, made as protobuf makes JSON names: underscores go, the letter
 * after one is upper case.
 */
export function camelCase(name: string): string {
  const camel = name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
  // "_" and "_1" leave nothing that could be an identifier.
  return /^[a-zA-Z]/.test(camel) ? camel : name;
}

/** `maybe` -> `Maybe` */
export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Name of a method: `SayHello`, `say_hello` are `sayHello`; `HTTPGet` is `httpGet`. */
export function methodName(name: string): string {
  // Capitals in front of a capitalised word are a word of their own.
  return camelCase(name).replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (word) => word.toLowerCase());
}

/**
 * Name that Go's protobuf generator gives to a service or method. go-plugin derives the names of wasm exports and
 * imports from it.
 */
export function goName(name: string): string {
  const [start, rest] = name.startsWith("_") ? ["X", name.slice(1)] : ["", name];
  const upper = rest.replace(/(^|_|[0-9])([a-z])/g, (_, before: string, letter: string) =>
    before === "_" ? letter.toUpperCase() : before + letter.toUpperCase(),
  );
  return start + upper;
}

/** Name of a wasm export or import: snake case as go-plugin makes it, with the same two steps. */
export function wasmName(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/**
 * `Outer.Inner` of `greeter.v1.Outer.Inner`.
 *
 * @param protoPackage `greeter.v1`; empty for none
 */
export function withoutPackage(typeName: string, protoPackage: string): string {
  return protoPackage === "" ? typeName : typeName.slice(protoPackage.length + 1);
}

/** `wanted`, or the first of `wanted$`, `wanted$$`, … that is not in `taken`, to which it is added. */
export function claimName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name += "$";
  taken.add(name);
  return name;
}
