import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

import { temporaryFolder } from './image-folder';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('..', import.meta.url));

/** Prints the native modules in memory before and after sharp is asked for. */
const SCRIPT = `
  const natives = () => process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node'));
  process.report.excludeNetwork = true;
  const before = natives().length;
  const { createSampleSet } = await import('@dlcmp/data');
  const imported = natives().length;
  const options = { directory: process.argv[1], trainPerClass: 1, testPerClass: 1 };
  await createSampleSet(options);
  console.log(JSON.stringify([imported - before, natives().length - before]));
`;

test('importing the package loads no native code until it is used', async () => {
  const target = join(await temporaryFolder(), 'sample');
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', SCRIPT, target], {
    cwd: folder,
  });
  expect(JSON.parse(stdout)).toEqual([0, 1]);
});
