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
  ["module"],
  ["memory"],
  ["wasi"],
  ["instance"],
  ["worker"],
  ["runner"],
  ["client"],
];

/** @returns a rule for each floor: it must not import from a higher one */
function floorRules(root, floors) {
  const folder = (name) => `^${root}/${name}/`;
  return floors.flatMap((names, index) =>
    names.map((name) => {
      const higher = [
        ...names.filter((other) => other !== name),
        ...floors.slice(index + 1).flat(),
      ];
      return {
        name: `${root}/${name}-imports-no-higher-floor`,
        severity: "error",
        from: { path: folder(name), pathNot: SPECS },
        to: { path: [...higher.map(folder), `^${root}/[^/]+\\.ts$`] },
      };
    }),
  );
}

const SPECS = "\\.spec\\.ts$|/testing/";

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Two files that need each other: hand the one in, or put what both need into a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unknown-folder",
      comment: "A new folder needs a floor, in this file.",
      severity: "error",
      from: {},
      to: {
        path: "^packages/runtime/src/",
        pathNot: [
          `^packages/runtime/src/(${RUNTIME_FLOORS.flat().join("|")}|testing)/`,
          "^packages/runtime/src/[^/]+$",
        ],
      },
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
      // Benchmarks run in a folder where all their files lie together.
      from: { pathNot: "^tools/bench/" },
      // Packages are for tsc to find.
      to: { couldNotResolve: true, path: "^\\." },
    },
    ...floorRules("packages/runtime/src", RUNTIME_FLOORS),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules|tmp|gen|generated|files[^/]*)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".d.ts", ".js", ".mjs", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "types", "require", "default"],
    },
  },
};
