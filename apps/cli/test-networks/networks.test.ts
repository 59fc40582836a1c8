/**
 * Each named network in all engines that compute every network, and in PyTorch and Keras, from the same weights:
 * `DLCMP_PYTHON=… pnpm test:networks`, with a python3 that has torch, tensorflow and keras.
 */
import { adam, type ModelSpec, namedNetwork, sgd, type Weights } from '@dlcmp/contract';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { calmWeights, twin } from './calm-weights';
import { gradients, losses, type TestedContender, testedContenders } from './contenders';
import { largestDistance, relativeGradientError } from './distances';
import { smoothImages } from './smooth-images';

const NETWORKS = ['simple-cnn', 'resnet-18', 'mobilenet-v2', 'efficientnet-lite0'];
const MINUTES = 60_000;
const SIDE = 64;
const LOSS_TOLERANCE = 1e-4;
const WITH_TWIN = ['onnx:graph', 'pytorch'];
const CLASS_NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const images = smoothImages(160, SIDE, CLASS_NAMES.length);
/** Rounding grows with what each step moves; these move the losses by some per cent in ten steps. */
const SGD = { optimizer: sgd(), learningRate: 1e-4 };
const ADAM = { optimizer: adam(), learningRate: 1e-5 };
const STANDSTILL = { ...SGD, learningRate: 1e-12 };

let contenders: readonly TestedContender[];

beforeAll(async () => {
  contenders = await testedContenders();
});

function specOf(name: string): ModelSpec {
  const sizes = { inputHeight: SIDE, inputWidth: SIDE, classNames: CLASS_NAMES, seed: 1 };
  const spec = { ...sizes, network: namedNetwork(name) };
  return { ...spec, initialWeights: calmWeights(spec) };
}

async function ofAll<T>(compute: (contender: TestedContender) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const contender of contenders) results.push(await compute(contender));
  return results;
}

function say(network: string, what: string, figure: number): void {
  process.stderr.write(`${network}: ${what} ${figure.toExponential(1)}\n`);
}

describe.each(NETWORKS)('%s at 64×64', (name) => {
  it(
    'has the same gradients everywhere, within 1e-3 of each tensor’s norm',
    async () => {
      const found = await ofAll((contender) => gradients(contender, specOf(name), images));
      const reference = found[contenders.findIndex((each) => each.name === 'pytorch')] as Weights;
      const errors = found.map((each) => relativeGradientError(each, reference));
      say(name, 'gradients apart by', Math.max(...errors));
      expect(Math.max(...errors)).toBeLessThan(1e-3);
    },
    10 * MINUTES,
  );

  it(
    'has the same ten losses under SGD, within 1e-4',
    async () => {
      const found = await ofAll((contender) => losses(contender, specOf(name), images, SGD));
      expect(found.map(({ length }) => length)).toEqual(contenders.map(() => 10));
      const untrained = await losses(
        contenders[0] as TestedContender,
        specOf(name),
        images,
        STANDSTILL,
      );
      say(name, 'losses under SGD apart by', largestDistance(found));
      say(name, 'from those without steps by', largestDistance([found[0] as number[], untrained]));
      expect(largestDistance([found[0] as number[], untrained])).toBeGreaterThan(
        10 * LOSS_TOLERANCE,
      );
      expect(largestDistance(found)).toBeLessThan(LOSS_TOLERANCE);
    },
    10 * MINUTES,
  );

  it(
    'is under Adam within 1e-4, or no further apart than twins that differ in one last bit',
    async () => {
      const spec = specOf(name);
      const other = { ...spec, initialWeights: twin(spec.initialWeights as Weights) };
      const found = await ofAll((contender) => losses(contender, spec, images, ADAM));
      const apart: number[] = [];
      for (const [index, contender] of contenders.entries()) {
        if (!WITH_TWIN.includes(contender.name)) continue;
        const twins = [await losses(contender, other, images, ADAM), found[index] as number[]];
        apart.push(largestDistance(twins));
      }
      say(name, 'losses under Adam apart by', largestDistance(found));
      say(name, 'twins by', Math.max(...apart));
      expect(largestDistance(found)).toBeLessThan(Math.max(LOSS_TOLERANCE, ...apart));
    },
    10 * MINUTES,
  );
});
