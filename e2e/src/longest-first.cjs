const { basename } = require("node:path");

const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * By what they take. The first two also make different templates of a workspace, so that neither makes one for which the
 * other is at work already.
 */
const ORDER = [
  "nx-graph",
  "workspace-paths",
  "workspace-ts",
  "publishing",
  "web-host",
  "presets-pnpm",
  "preset-nest",
  "preset-react",
  "preset-standalone",
  "target-defaults",
  "readme-tour",
  "package-manager-yarn",
  "package-manager-pnpm",
  "package-manager-bun",
  "package-manager-npm",
  "preset-apps",
  "preset-npm",
  "rust-plugins",
  "typescript-plugins",
  "go-plugins",
  "supported-node",
];

/**
 * Starts the specs that take longest first. In a new clone jest goes by the size of files, which says nothing here: the last
 * one would go on for minutes while the other worker has nothing left.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = ORDER.indexOf(basename(path, ".spec.ts"));
      return index < 0 ? ORDER.length : index;
    };
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
};
