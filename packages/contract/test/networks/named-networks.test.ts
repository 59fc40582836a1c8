import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  NAMED_NETWORKS,
  namedNetwork,
  resolveNetwork,
  simpleCnn,
  simpleCnnOptions,
  weightCount,
} from '../../src';

/** Names and shapes in torchvision's state dicts and in efficientnet-lite0's checkpoint, a weight a line. */
const published = readFileSync(
  new URL('../fixtures/published-weights.txt', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [string, string, string]);

describe('named networks', () => {
  it.each(['resnet-18', 'mobilenet-v2', 'efficientnet-lite0'])(
    '%s has the weights of the published state dict, by name and shape',
    (name) => {
      const size = { inputHeight: 224, inputWidth: 224 };
      const network = resolveNetwork(namedNetwork(name), size, 1000);
      const shapes = { ...network.weightShapes, ...network.stateShapes };
      const ours = Object.entries(shapes).map(([weight, shape]) => `${weight} ${shape.join('x')}`);
      const theirs = published.flatMap(([of, weight, shape]) =>
        of === name ? [`${weight} ${shape}`] : [],
      );
      expect(ours.sort()).toEqual(theirs.sort());
    },
  );

  it.each([
    ['resnet-18', 11_689_512],
    ['mobilenet-v2', 3_504_872],
    ['efficientnet-lite0', 4_652_008],
  ])('%s has %d weights, as its authors count', (name, count) => {
    const size = { inputHeight: 224, inputWidth: 224 };
    expect(weightCount(resolveNetwork(namedNetwork(name), size, 1000))).toBe(count);
  });

  it('are serialisable: JSON gives the same network back', () => {
    for (const create of Object.values(NAMED_NETWORKS)) {
      const description = create();
      expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    }
  });

  it('are refused by an unknown name with those that there are', () => {
    expect(() => namedNetwork('resnet-50')).toThrow(/no network "resnet-50".*resnet-18.*JSON/);
    expect(() => namedNetwork('__proto__')).toThrow(/no network/);
  });

  it('recognise simple-cnn and its options, and no other', () => {
    const options = { channels: [2, 3, 4], hiddenUnits: 5, dropoutRate: 0.25 } as const;
    expect(simpleCnnOptions(simpleCnn(options))).toEqual(options);
    expect(simpleCnnOptions(namedNetwork('resnet-18'))).toBeUndefined();
    const altered = {
      ...simpleCnn(),
      nodes: simpleCnn().nodes.filter(({ type }) => type !== 'relu'),
    };
    expect(simpleCnnOptions(altered)).toBeUndefined();
  });
});
