/** Runs a bundle of specs, and prints how many there are and which fail, as one line of JSON. */
const Jasmine = require('jasmine');

const [bundle, only = ''] = process.argv.slice(2);
const runner = new Jasmine();
runner.loadConfig({ random: false });
require(bundle);
runner.jasmine.DEFAULT_TIMEOUT_INTERVAL = 300_000;
runner.env.configure({ specFilter: (spec) => spec.getFullName().includes(only) });
runner.env.clearReporters();
const failed = {};
let specs = 0;
runner.env.addReporter({
  specDone({ status, fullName, failedExpectations }) {
    if (status === 'passed' || status === 'failed') specs++;
    if (status === 'failed') failed[fullName] = failedExpectations[0]?.message.slice(0, 300);
  },
  jasmineDone() {
    console.log(JSON.stringify({ specs, failed }));
  },
});
runner.execute();
