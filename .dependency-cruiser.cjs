/**
 * What may import what: no circles, and in each package only from the floor below. A type that is imported counts like a
 * value. `npm run lint` checks it; docs/architecture.md draws it.
 */

/** Folders of packages/runtime/src, the lowest first. Those of one line are on one floor, and don't import each other. */
const RUNTIME_FLOORS = [
  ["errors"],
  ["platform"],
  ["messages/wire"],
  ["messages/json"],
  ["files"],
  ["descriptors"],
  ["options"],
  ["oci"],
  ["module"],
  ["metering"],
  ["memory"],
  ["wasi"],
  ["instance"],
  ["worker"],
  ["runner"],
  ["remote"],
  ["client"],
  ["connect", "otel"],
  ["distribution"],
  ["plugin"],
];

/** Folders of packages/nx-wplug/src, likewise. */
const NX_FLOORS = [
  ["errors"],
  ["system"],
  ["contract"],
  ["descriptors"],
  ["generated"],
  ["wasm"],
  ["host-sdk"],
  ["workspace"],
  ["languages"],
  ["config"],
  ["distribution"],
  ["inspection"],
  ["codegen"],
  ["graph", "executors", "generators", "jest", "vitest", "cli"],
  ["vite", "migrations"],
];

/** @returns a rule for each floor: it must not import from a higher one */
function floorRules(root, floors) {
  const folder = (name) => `^${root}/${name}/`;
  const rules = floors.flatMap((names, index) =>
    names.map((name) => ({
      name: `${root}/${name}-imports-no-higher-floor`,
      severity: "error",
      from: { path: folder(name), pathNot: SPECS },
      to: {
        path: [
          ...names.filter((other) => other !== name).map(folder),
          ...floors
            .slice(index + 1)
            .flat()
            .map(folder),
          // The entries of the package, on top of all.
          `^${root}/[^/]+\\.ts$`,
        ],
      },
    })),
  );
  const unknown = {
    name: `${root}-has-floors-for-all-folders`,
    comment: "A new folder needs a floor, in this file.",
    severity: "error",
    from: {},
    to: {
      path: `^${root}/`,
      pathNot: [`^${root}/(${floors.flat().join("|")}|testing)/`, `^${root}/[^/]+$`],
    },
  };
  return [...rules, unknown];
}

const SPECS = "\\.spec\\.ts$|/testing/";

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment:
        "Two files that need each other: hand the one in, or put what both need into a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-tests-in-products",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: SPECS },
      to: { path: SPECS },
    },
    {
      name: "no-unresolvable",
      comment: "What is not resolved is not checked.",
      severity: "error",
      // These run in a folder where all their files lie together.
      from: { pathNot: "^tools/(bench|conformance/typescript-plugin)/" },
      // Packages are for tsc to find.
      to: { couldNotResolve: true, path: "^\\." },
    },
    {
      name: "languages-do-not-know-each-other",
      severity: "error",
      from: { path: "^packages/nx-wplug/src/languages/([^/]+)/", pathNot: SPECS },
      to: {
        path: "^packages/nx-wplug/src/languages/",
        pathNot: "^packages/nx-wplug/src/languages/($1/|(language|new-plugin)\\.ts$)",
      },
    },
    ...floorRules("packages/runtime/src", RUNTIME_FLOORS),
    ...floorRules("packages/nx-wplug/src", NX_FLOORS),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules|tmp|gen|generated|files[^/]*)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".d.ts", ".js", ".mjs", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "types", "require", "default"],
    },
  },
};
