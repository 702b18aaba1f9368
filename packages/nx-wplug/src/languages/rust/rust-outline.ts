import { withoutPackage } from "../../contract/model/names";
import type { FileOutline, TypeOutline } from "../new-plugin";
import { identifier, snakeCase, upperCamelCase } from "./rust-names";
import { wellKnownType } from "./sdk/rust-types";

/** What the source of a new plugin is made of. */
export interface RustOutline {
  /** Modules of packages: `gen::greeter::v1`, or `gen::shop::v1 as shop_v1` where two would have one name. */
  readonly uses: readonly string[];
  readonly services: readonly RustService[];
}

export interface RustService {
  /** `v1::Greeter` */
  readonly trait: string;
  /** `v1::register_greeter` */
  readonly macro: string;
  /** Name of the struct that implements it: `MyGreeter`. */
  readonly type: string;
  readonly methods: readonly {
    readonly name: string;
    /** `v1::GreetRequest`; undefined for a request with nothing in it, which is not passed. */
    readonly input: string | undefined;
    readonly output: string;
  }[];
}

/** The plugin services of a contract as they are called in Rust. */
export function rustOutline(files: readonly FileOutline[]): RustOutline {
  const packages = new Map(files.map((file) => [file.path, file.package]));
  const uses = new Uses([...new Set(packages.values())]);
  const typeOf = ({ file, typeName }: TypeOutline): string => {
    const declaring = packages.get(file);
    if (declaring === undefined) return wellKnownType(typeName);
    const names = withoutPackage(typeName, declaring).split(".");
    const outer = names.slice(0, -1).map((name) => identifier(snakeCase(name)));
    return [uses.of(declaring), ...outer, upperCamelCase(names.at(-1) ?? "")].join("::");
  };
  const services = files.flatMap((file) =>
    file.pluginServices.map(({ typeName, methods }) => {
      const name = withoutPackage(typeName, file.package);
      return {
        trait: `${uses.of(file.package)}::${upperCamelCase(name)}`,
        macro: `${uses.of(file.package)}::register_${snakeCase(name)}`,
        type: `My${upperCamelCase(name)}`,
        methods: methods.map(({ protoName, input, output }) => {
          const request = typeOf(input);
          return {
            name: identifier(snakeCase(protoName)),
            input: request === "()" ? undefined : request,
            output: typeOf(output),
          };
        }),
      };
    }),
  );
  return { uses: uses.sorted(), services };
}

/** Modules of packages, each under a name of its own. */
class Uses {
  private readonly used = new Set<string>();

  constructor(private readonly packages: readonly string[]) {}

  of(protoPackage: string): string {
    if (protoPackage === "") return "gen";
    this.used.add(protoPackage);
    return this.aliasOf(protoPackage) ?? identifier(lastOf(protoPackage));
  }

  sorted(): string[] {
    return [...this.used].sort().map((protoPackage) => {
      const path = ["gen", ...protoPackage.split(".").map(moduleName).map(identifier)].join("::");
      const alias = this.aliasOf(protoPackage);
      return alias === undefined ? path : `${path} as ${alias}`;
    });
  }

  private aliasOf(protoPackage: string): string | undefined {
    const same = this.packages.filter((it) => lastOf(it) === lastOf(protoPackage));
    return same.length > 1 ? protoPackage.split(".").map(moduleName).join("_") : undefined;
  }
}

function lastOf(protoPackage: string): string {
  return moduleName(protoPackage.split(".").at(-1) ?? "");
}

function moduleName(part: string): string {
  const name = snakeCase(part);
  return name === "mod" ? "mod_" : name;
}
