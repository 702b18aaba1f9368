import { goName, withoutPackage } from "../../contract/model/names";
import type { FileOutline, TypeOutline } from "../new-plugin";
import { GO_OUT, goPackage, goTypeName } from "./go-names";
import { knownPackage, KNOWN_TYPES_FOLDER } from "./known-types";

/** What the source of a new plugin is made of. */
export interface GoOutline {
  readonly imports: readonly GoImport[];
  readonly services: readonly GoService[];
}

export interface GoImport {
  /** `greeterv1` */
  readonly name: string;
  /** `greeter-plugin/gen/greeter/v1` */
  readonly path: string;
}

export interface GoService {
  /** `Greeter` */
  readonly name: string;
  /** Name of the package that it is imported by. */
  readonly package: string;
  /** Name of the type that implements it: `myGreeter`. */
  readonly type: string;
  readonly methods: readonly {
    readonly name: string;
    /** `greeterv1.GreetRequest` */
    readonly input: string;
    readonly output: string;
  }[];
}

/**
 * The plugin services of a contract as they are called in Go.
 *
 * @param module path of the plugin's module
 */
export function goOutline(files: readonly FileOutline[], module: string): GoOutline {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const imports = new Imports(module);
  const typeOf = ({ file, typeName }: TypeOutline): string => {
    const declaring = byPath.get(file);
    const scope = declaring?.package ?? "google.protobuf";
    const from = declaring === undefined ? imports.ofKnown(file) : imports.of(declaring);
    return `${from}.${goTypeName(withoutPackage(typeName, scope))}`;
  };
  const services = files.flatMap((file) =>
    file.pluginServices.map(({ typeName, methods }) => {
      // Not the name in TypeScript, which may be another.
      const name = goName(withoutPackage(typeName, file.package));
      return {
        name,
        package: imports.of(file),
        type: `my${name}`,
        methods: methods.map(({ protoName, input, output }) => ({
          name: goName(protoName),
          input: typeOf(input),
          output: typeOf(output),
        })),
      };
    }),
  );
  return { imports: imports.sorted(), services };
}

/** Packages by path, each under a name of its own. */
class Imports {
  private readonly names = new Map<string, string>();

  constructor(private readonly module: string) {}

  of({ package: protoPackage }: FileOutline): string {
    const { folder, name } = goPackage(protoPackage);
    return this.add(`${this.module}/${folder}`, name);
  }

  /** @param file `google/protobuf/empty.proto` */
  ofKnown(file: string): string {
    const { path, name } = knownPackage(file, `${this.module}/${GO_OUT}/${KNOWN_TYPES_FOLDER}`);
    return this.add(path, name);
  }

  sorted(): GoImport[] {
    return [...this.names]
      .map(([path, name]) => ({ name, path }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private add(path: string, wanted: string): string {
    const known = this.names.get(path);
    if (known !== undefined) return known;
    const taken = new Set(this.names.values());
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`;
    this.names.set(path, name);
    return name;
  }
}
