/** Adds up every package's test counts and prints them; exits 1 where none ran or one failed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = ['packages', 'apps'].flatMap((group) =>
  readdirSync(group).map((name) => join(group, name)),
);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const directory of packages) {
  const file = join(directory, '.test-results.json');
  if (!existsSync(file)) {
    console.error(`${directory} has no test results.`);
    total.failed += 1;
    continue;
  }
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  for (const key of Object.keys(total)) total[key] += counts[key];
}
if (total.skipped > 0) console.log(`${total.skipped} skipped, which say why`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.passed > 0 && total.failed === 0 ? 0 : 1;
