import { goName } from "../../contract/model/names";

/** A Go package that code is generated into. */
export interface GoPackage {
  /** Folder relative to the module, and the end of its import path: `gen/greeter/v1`. */
  readonly folder: string;
  /** What it is called in code: `greeterv1`. */
  readonly name: string;
}

/** Folder of all generated packages, relative to the module. */
export const GO_OUT = "gen";

/** @see https://go.dev/ref/spec#Keywords */
export const GO_KEYWORDS: ReadonlySet<string> = new Set(
  (
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package " +
    "range return select struct switch type var"
  ).split(" "),
);

/**
 * The Go package of a Protocol Buffers package. The name has the version in it, as names of buf's managed mode do: `v1`
 * alone would say nothing where it is used.
 *
 * @param protoPackage `greeter.v1`; empty for a file without one
 */
export function goPackage(protoPackage: string): GoPackage {
  if (protoPackage === "") return { folder: GO_OUT, name: GO_OUT };
  const parts = protoPackage.split(".");
  const last = parts.at(-1) ?? "";
  const isVersion = /^v\d+((alpha|beta)\d*)?$/.test(last);
  const name = (isVersion ? parts.slice(-2) : [last]).join("").replaceAll("_", "").toLowerCase();
  return {
    folder: `${GO_OUT}/${parts.join("/")}`,
    name: GO_KEYWORDS.has(name) ? `${name}pb` : name,
  };
}

/**
 * The name of a message in Go: `Outer.Inner` is `Outer_Inner`, `Outer.inner` is `OuterInner`.
 *
 * @param name without the package
 * @see https://protobuf.dev/reference/go/go-generated/#nested
 */
export function goTypeName(name: string): string {
  return name
    .split(".")
    .map((part, index) => (index > 0 && !/^[a-z]/.test(part) ? "_" : "") + goName(part))
    .join("");
}
