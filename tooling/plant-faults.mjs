/**
 * Plants faults in the code that measures, one at a time, and sees that the tests of it fail on each:
 * `node tooling/plant-faults.mjs`. A file is put back as it was before the next one is changed. It takes minutes.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PLANTED_FAULTS } from './planted-faults.mjs';

const home = fileURLToPath(new URL('../packages/bench-core/', import.meta.url));
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));

function testsPass(pattern) {
  const args = ['--experimental-vm-modules', '--no-warnings', jest, '--silent', ...pattern];
  return spawnSync(process.execPath, args, { cwd: home, stdio: 'ignore' }).status === 0;
}

/** Whether the tests see that `find` has become `replace` in `file`. */
function isCaught({ file, find, replace, tests = ['test/measure'] }) {
  const path = `${home}src/${file}`;
  const sound = readFileSync(path, 'utf8');
  if (sound.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`);
  const putBack = () => writeFileSync(path, sound);
  process.once('exit', putBack);
  try {
    writeFileSync(
      path,
      sound.replace(find, () => replace),
    );
    return !testsPass(tests);
  } finally {
    putBack();
    process.removeListener('exit', putBack);
  }
}

process.on('SIGINT', () => process.exit(130));
const missed = PLANTED_FAULTS.filter((fault) => {
  const caught = isCaught(fault);
  console.log(`${caught ? 'caught' : 'MISSED'}  ${fault.name}`);
  return !caught;
});
console.log(`${PLANTED_FAULTS.length - missed.length} of ${PLANTED_FAULTS.length} caught`);
if (missed.length > 0) process.exitCode = 1;
