import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { cosineSchedule, createSequentialClassifier } from '../../src/index';
import { relativeError } from '../relative-error';
import { SMALL_SEQUENTIAL } from '../small-network';
import { smallImages } from '../small-spec';

const PROGRAM = fileURLToPath(new URL('./predict-on-web-assembly.mjs', import.meta.url));

it('a saved model answers the same in onnxruntime-web, in batches of any size', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'onnx-web-'));
  const images = smallImages(12);
  const classifier = await createSequentialClassifier(SMALL_SEQUENTIAL);
  const schedule = cosineSchedule({ learningRate: 0.02 });
  await classifier.fit(images, { epochs: 2, batchSize: 4, schedule });
  await classifier.save(directory);
  await writeFile(join(directory, 'pixels.bin'), images.pixels);
  const expected = await classifier.predict(images.pixels, images.count);
  await classifier.dispose();

  const { inputHeight, inputWidth } = SMALL_SEQUENTIAL;
  for (const batch of [1, images.count]) {
    await promisify(execFile)(process.execPath, [
      PROGRAM,
      directory,
      ...[batch, inputHeight, inputWidth].map(String),
    ]);
    const bytes = await readFile(join(directory, 'probabilities.bin'));
    const actual = new Float32Array(new Uint8Array(bytes).buffer);
    expect(relativeError(actual, expected)).toBeLessThan(1e-5);
  }
  await rm(directory, { recursive: true });
});
