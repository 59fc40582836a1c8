import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { relativeError } from '../../tensorflow/test/relative-error';
import { cnnTfjs } from '../src';
import { ENGINES_UNDER_TEST } from '../test/engines-under-test';
import { SMALL_SPEC, smallImages } from '../test/small-spec';

const PLACES = [process.env.DLCMP_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** TensorFlow.js as browsers get it. */
const TENSORFLOW = createRequire(import.meta.url).resolve('@tensorflow/tfjs/dist/tf.min.js');

const PAGE = '<!doctype html><title>LayersModel</title><script src="/tf.min.js"></script>';

/** What the page knows as `tf`. */
type Page = { tf: typeof import('@tensorflow/tfjs') };

/** No step of a page takes so long on any machine. */
const PATIENCE_MS = 300_000;

let browser: Browser;
let server: Server;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cnn-tfjs-layers-model-'));
  server = createServer(async ({ url = '/' }, response) => {
    const name = basename(url);
    response.end(url === '/' ? PAGE : await readFile(served(name)).catch(() => ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const executablePath = PLACES.find((place) => place !== '' && existsSync(place));
  if (!executablePath) {
    throw new Error(
      'This test needs chromium: apt-get install -y --no-install-recommends chromium (or set DLCMP_CHROMIUM to its path).',
    );
  }
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    timeout: PATIENCE_MS,
  });
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

function served(name: string): string {
  return name === 'tf.min.js' ? TENSORFLOW : join(directory, name);
}

/** Probabilities from `tf.loadLayersModel` in the browser, and the class names that came with the model. */
async function predictInBrowser(pixels: Uint8Array, shape: [number, number, number, number]) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const result = await page.evaluate(
    async ({ values, dimensions }) => {
      const { tf } = globalThis as unknown as Page;
      const model = await tf.loadLayersModel('/model.json');
      const output = model.predict(tf.tensor4d(values, dimensions, 'float32'));
      const metadata = model.getUserDefinedMetadata() as { classNames: string[] };
      return {
        probabilities: Array.from(await (output as InstanceType<typeof tf.Tensor>).data()),
        classNames: metadata.classNames,
      };
    },
    { values: Array.from(pixels), dimensions: shape },
  );
  await page.close();
  return result;
}

describe.each(ENGINES_UNDER_TEST)('a model saved by cnn-tfjs on %s', (backend) => {
  it('is opened in a browser by tf.loadLayersModel, and predicts the same', async () => {
    const images = smallImages(9);
    const classifier = await cnnTfjs.create(SMALL_SPEC, { backend });
    await classifier.fit(images, { epochs: 2, batchSize: 3 });
    await classifier.save(directory);
    const expected = await classifier.predict(images.pixels, images.count);
    await classifier.dispose();
    const { inputHeight, inputWidth, classNames } = SMALL_SPEC;
    const shape = [images.count, inputHeight, inputWidth, 3] as [number, number, number, number];
    const opened = await predictInBrowser(images.pixels, shape);
    expect(relativeError(opened.probabilities, expected)).toBeLessThan(1e-4);
    expect(opened.classNames).toEqual(classNames);
  });
});
