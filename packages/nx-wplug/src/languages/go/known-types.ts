/** A Go package of well-known types. */
export interface KnownPackage {
  /** What files import. */
  readonly path: string;
  /** `fieldmaskpb` */
  readonly name: string;
}

/** Where go-plugin has its well-known types. */
const OF_GO_PLUGIN = "github.com/knqyf263/go-plugin/types/known";

/** Where those that go-plugin lacks lie in a module, below `GO_OUT`. */
export const KNOWN_TYPES_FOLDER = "google/protobuf";

/** Files of well-known types that go-plugin has no package for: @wplug/well-known-types has. */
const LACKING: ReadonlySet<string> = new Set(
  ["api", "descriptor", "field_mask"].map((name) => `google/protobuf/${name}.proto`),
);

/** Whether go-plugin itself has no package for a file of well-known types. */
export function isLackingInGoPlugin(file: string): boolean {
  return LACKING.has(file);
}

/**
 * The Go package of a file of well-known types: without reflection, which TinyGo can't compile and Go makes 5 MB of.
 *
 * @param file `google/protobuf/field_mask.proto`
 * @param lacking import path of the folder with the packages that go-plugin lacks
 */
export function knownPackage(file: string, lacking: string): KnownPackage {
  const name = `${file.replace(/^.*\/|\.proto$/g, "").replaceAll("_", "")}pb`;
  return { path: `${isLackingInGoPlugin(file) ? lacking : OF_GO_PLUGIN}/${name}`, name };
}
