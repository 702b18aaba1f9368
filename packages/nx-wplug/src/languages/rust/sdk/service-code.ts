import type { HostService, Method, PluginService, TypeName } from "../../../contract/contract";
import { claimRustName, constantCase, identifier, snakeCase, upperCamelCase } from "../rust-names";
import { documentation, docLines, indent, item, separated } from "./rust-code";
import type { PlacedItem } from "./message-code";
import { ABI_MODULE, relativePath, type RustPath, type RustTypes } from "./rust-types";

/** Exports have it until the module is linked: see the crate. */
export const EXPORT_PREFIX = "wplug:";

/** A trait that plugins implement, its version, and the macro that exports an implementation. */
export function pluginServiceItems(
  service: PluginService,
  module: RustPath,
  types: RustTypes,
): PlacedItem[] {
  const trait = identifier(types.claim(module, upperCamelCase(service.name)));
  const version = types.claim(module, constantCase(`${service.name}_api_version`));
  const macro = `register_${snakeCase(service.name)}`;
  const error = relativePath(module, [ABI_MODULE, "Error"]);
  const methods = namedMethods(service.methods);
  const declarations = methods.map(({ method, name }) => {
    const input = isEmpty(method.input)
      ? ""
      : `, request: ${types.reference(module, method.input)}`;
    const output = `::core::result::Result<${types.reference(module, method.output)}, ${error}>`;
    const line = `fn ${name}(&self${input}) -> ${output};`;
    const broken =
      line.length <= 96 || input === ""
        ? [line]
        : [`fn ${name}(`, "    &self,", `    ${input.slice(2)},`, `) -> ${output};`];
    return [...documentation(method.comment), ...broken];
  });
  const lines = [`pub trait ${trait} {`, ...indent(separated(declarations)), "}"];
  const emptyTrait = [`pub trait ${trait} {}`];
  const crate = `$crate::${["gen", ...module].map(identifier).join("::")}`;
  const abi = `$crate::r#gen::${ABI_MODULE}`;
  // Methods are called by their trait: `it.drop()` would be a destructor.
  const exported = (name: string, signature: string, body: string) => [
    `#[cfg_attr(target_family = "wasm", unsafe(export_name = "${EXPORT_PREFIX}${name}"))]`,
    // Elsewhere, where tests run, nobody calls it.
    '#[cfg_attr(not(target_family = "wasm"), allow(dead_code))]',
    `extern "C" fn ${signature} -> u64 {`,
    `    ${body}`,
    "}",
  ];
  const registration = [
    `macro_rules! ${macro} {`,
    "    ($implementation:expr) => {",
    // Whoever plugs in a deprecated service answers it as long as there are hosts that call it.
    "        #[allow(deprecated)]",
    "        const _: () = {",
    ...indent(
      indent(
        indent([
          // Names that the author's expression does not have.
          `use ${crate}::${trait} as __Service;`,
          "::std::thread_local! {",
          `    static __PLACE: ${abi}::Place = const { ${abi}::Place::new() };`,
          "}",
          "fn __make() -> impl __Service {",
          "    $implementation",
          "}",
          "fn __plugin() -> &'static impl __Service {",
          "    // SAFETY: nothing else is made there.",
          "    __PLACE.with(|it| unsafe { it.get(__make) })",
          "}",
          ...exported(service.apiVersionExport, "__api_version()", `${crate}::${version}`),
          ...methods.flatMap(({ method, name }, index) =>
            exported(
              method.wasmName,
              `__method_${index}(pointer: usize, size: usize)`,
              isEmpty(method.input)
                ? `${abi}::answer(pointer, size, |()| __Service::${name}(__plugin()))`
                : `${abi}::answer(pointer, size, |request| __Service::${name}(__plugin(), request))`,
            ),
          ),
        ]),
      ),
    ),
    "        };",
    "    };",
    "}",
    `pub(crate) use ${macro};`,
  ];
  return [
    {
      module,
      // As an attribute, deprecation would be a warning of each implementation, which there has to be.
      lines: item(
        docLines([
          ...service.comment.lines,
          ...(service.comment.deprecated ? ["Deprecated."] : []),
        ]),
        methods.length === 0 ? emptyTrait : lines,
        0,
      ),
    },
    {
      module,
      lines: [
        `/// The version of ${service.name}, which that of the host has to be.`,
        `pub const ${version}: u64 = ${service.version};`,
      ],
    },
    {
      module,
      lines: [
        ...docLines([
          `Makes a value the ${service.name} of this plugin, for which there is one place in a plugin:`,
          `\`${macro}!(Mine)\`. The expression is evaluated at the first call.`,
        ]),
        "#[rustfmt::skip]",
        ...registration,
      ],
    },
  ];
}

/** A module with a function for each function of the host. */
export function hostServiceItems(
  service: HostService,
  module: RustPath,
  types: RustTypes,
): PlacedItem[] {
  const within = [...module, types.claim(module, snakeCase(service.name))];
  const abi = relativePath(within, [ABI_MODULE, ""]);
  const functions = namedMethods(service.methods).map(({ method, name }) => {
    const request = isEmpty(method.input)
      ? ""
      : `request: &${types.reference(within, method.input)}`;
    const reply = isEmpty(method.output) ? "" : ` -> ${types.reference(within, method.output)}`;
    const argument = request === "" ? "&()" : "request";
    const host = `${abi}host_function!("${service.module}", "${method.wasmName}")`;
    return item(
      documentation(method.comment),
      [
        `pub fn ${name}(${request})${reply} {`,
        `    let host = ${host};`,
        `    ${abi}call(${argument}, host)`,
        "}",
      ],
      1,
    );
  });
  const start = `pub mod ${identifier(within.at(-1) ?? "")} {`;
  const code =
    functions.length === 0 ? [`${start}}`] : [start, ...indent(separated(functions)), "}"];
  return [{ module, lines: [...documentation(service.comment), ...code] }];
}

function namedMethods(methods: readonly Method[]): { method: Method; name: string }[] {
  const taken = new Set<string>();
  return methods.map((method) => ({
    method,
    name: identifier(claimRustName(snakeCase(method.protoName), taken)),
  }));
}

/** Nothing is passed, as there is nothing in it. */
function isEmpty({ typeName, wellKnown }: TypeName): boolean {
  return wellKnown === true && typeName === "google.protobuf.Empty";
}
