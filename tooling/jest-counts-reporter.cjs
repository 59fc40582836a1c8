const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Leaves a package's test counts in `.test-results.json`, from which CI adds up all packages. */
class CountsReporter {
  constructor(globalConfig) {
    this.file = join(globalConfig.rootDir, '.test-results.json');
  }

  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(this.file, `${JSON.stringify(counts)}\n`);
  }
}

module.exports = CountsReporter;
