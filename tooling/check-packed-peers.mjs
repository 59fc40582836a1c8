/**
 * Run where the packed `dlcmp` is installed: it must know the peers that come with it, and where
 * `DLCMP_PYTHON` names a python3 with scikit-learn, that one must work.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

function dlcmp(...args) {
  const options = { encoding: 'utf8', shell: process.platform === 'win32' };
  return spawnSync('node_modules/.bin/dlcmp', args, options);
}

// Its status says whether the adapters in Node.js can run, which is not asked here.
const { stdout } = dlcmp('doctor');
for (const peer of ['pytorch', 'keras', 'sklearn']) {
  assert.match(stdout, new RegExp(`^${peer}: `, 'm'), `dlcmp doctor does not know ${peer}.`);
}

if (process.env.DLCMP_PYTHON) {
  const check = dlcmp('peer', 'check', 'sklearn');
  assert.equal(check.status, 0, check.stdout + check.stderr);
  console.log(check.stdout.trim().split('\n').at(-1));
} else {
  console.log('The peers are there; DLCMP_PYTHON is not set, so none was run.');
}
