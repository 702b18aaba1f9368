/** Appends the counts of one jest run to the file named by WPLUG_TEST_COUNTS, for tools/test.mjs to sum. */
const { appendFileSync } = require("node:fs");

module.exports = class JestCountsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.WPLUG_TEST_COUNTS;
    if (file === undefined) return;
    const counts = {
      passed: results.numPassedTests,
      // A suite that does not even start has failed, although none of its tests has.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    appendFileSync(file, JSON.stringify(counts) + "\n");
  }
};
