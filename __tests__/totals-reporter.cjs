/** Ends a run with one plain line of totals, for CI systems that do not read jest's own summary. */
module.exports = class TotalsReporter {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((suite) => suite.testExecError).length;
    const skipped = results.numPendingTests ? `, ${results.numPendingTests} skipped` : "";
    process.stderr.write(
      `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped}\n`,
    );
  }
};
