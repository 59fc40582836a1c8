/**
 * Each named network in all engines that compute every network, and in PyTorch and Keras, from the same weights:
 * `DLCMP_PYTHON=… pnpm test:networks`, with a python3 that has torch, tensorflow and keras.
 */
import {
  adam,
  createInitialWeights,
  type ModelSpec,
  namedNetwork,
  sgd,
  type Weights,
} from '@dlcmp/contract';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { calmWeights } from './calm-weights';
import { gradients, losses, type TestedContender, testedContenders } from './contenders';
import { largestDistance, relativeGradientError } from './distances';
import { smoothImages } from './smooth-images';
import { twinsOf } from './twins';

const NETWORKS = ['simple-cnn', 'resnet-18', 'mobilenet-v2', 'efficientnet-lite0'];
const MINUTES = 60_000;
const SIDE = 64;
const LOSS_TOLERANCE = 1e-4;
const CLASS_NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const images = smoothImages(160, SIDE, CLASS_NAMES.length);
/** Rounding grows with what each step moves; these move the losses by some per cent in ten steps. */
const SGD_RATES: Readonly<Record<string, number>> = { 'simple-cnn': 2e-3 };
const SGD = { optimizer: sgd(), learningRate: 1e-4 };
const STANDSTILL = { ...SGD, learningRate: 1e-12 };
const ADAM = { optimizer: adam(), learningRate: 1e-5 };

let contenders: readonly TestedContender[];

beforeAll(async () => {
  contenders = await testedContenders();
});

function specOf(name: string, draw: (spec: ModelSpec) => Weights = calmWeights): ModelSpec {
  const sizes = { inputHeight: SIDE, inputWidth: SIDE, classNames: CLASS_NAMES, seed: 1 };
  const spec = { ...sizes, network: namedNetwork(name) };
  return { ...spec, initialWeights: draw(spec) };
}

async function ofAll<T>(compute: (contender: TestedContender) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const contender of contenders) results.push(await compute(contender));
  return results;
}

function say(network: string, what: string, figure: number): void {
  process.stderr.write(`${network}: ${what} ${figure.toExponential(1)}\n`);
}

function sgdOf(name: string) {
  return { ...SGD, learningRate: SGD_RATES[name] ?? SGD.learningRate };
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
      const found = await ofAll((contender) =>
        losses(contender, specOf(name), images, sgdOf(name)),
      );
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
    'has under Adam no two contenders further apart than their twins reach from both',
    async () => {
      const spec = specOf(name, createInitialWeights);
      const twins = twinsOf(spec.initialWeights as Weights, contenders.length - 1);
      const found = await ofAll((contender) => losses(contender, spec, images, ADAM));
      const widths = await ofAll(async (contender) => {
        const family = [found[contenders.indexOf(contender)] as number[]];
        for (const initialWeights of twins) {
          family.push(await losses(contender, { ...spec, initialWeights }, images, ADAM));
        }
        return largestDistance(family);
      });
      say(name, 'losses under Adam apart by', largestDistance(found));
      say(name, 'twins of one contender by', Math.max(...widths));
      for (const [index, one] of found.entries()) {
        for (const [before, other] of found.slice(0, index).entries()) {
          const reach = (widths[index] as number) + (widths[before] as number);
          expect(largestDistance([one, other])).toBeLessThan(Math.max(LOSS_TOLERANCE, reach));
        }
      }
    },
    20 * MINUTES,
  );
});
