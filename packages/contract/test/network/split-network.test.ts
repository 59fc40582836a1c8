import { describe, expect, it } from '@jest/globals';
import {
  efficientnetLite0,
  resnet18,
  resolveNetwork,
  simpleCnn,
  splitNetwork,
  type TrainedLayers,
} from '../../src';

const size = { inputHeight: 64, inputWidth: 64 };
const efficientnet = resolveNetwork(efficientnetLite0(), size, 6);

describe('splitNetwork', () => {
  it.each<[TrainedLayers, readonly number[], string]>([
    ['head', [1280], '_dropout'],
    ['last:1', [1280], '_dropout'],
    ['last:2', [320, 2, 2], '_conv_head'],
    ['last:3', [1152, 2, 2], '_blocks.15._project_conv'],
    // A layer with a way around it takes all of its block along.
    ['last:6', [192, 2, 2], '_blocks.14._expand_conv'],
  ])('cuts before the layers that are trained: %s', (trained, features, first) => {
    const { trunk, tail } = splitNetwork(efficientnet, trained) ?? {};
    expect(tail?.features).toEqual(features);
    expect(tail?.nodes[0]?.name).toBe(first);
    expect(trunk?.classCount).toBe(features.reduce((product, length) => product * length, 1));
  });

  it('leaves no weight out, and none to both', () => {
    const { trunk, tail } = splitNetwork(efficientnet, 'last:4') ?? {};
    const both = [trunk, tail].flatMap((part) =>
      Object.keys({ ...part?.weightShapes, ...part?.stateShapes }),
    );
    const all = Object.keys({ ...efficientnet.weightShapes, ...efficientnet.stateShapes });
    expect(both.sort()).toEqual(all.sort());
  });

  it('leaves dropout to what is trained', () => {
    const network = resolveNetwork(simpleCnn(), size, 6);
    const { tail } = splitNetwork(network, 'head') ?? {};
    expect(Object.keys(tail?.masks ?? {})).toEqual(['dropout']);
  });

  it.each<TrainedLayers>(['all', 'last:21', 'last:99'])(
    'splits nothing for %s of 21 layers',
    (trained) => {
      expect(splitNetwork(resolveNetwork(resnet18(), size, 6), trained)).toBeUndefined();
    },
  );

  it('refuses what says nothing', () => {
    expect(() => splitNetwork(efficientnet, 'last:0')).toThrow('last:N');
  });
});
