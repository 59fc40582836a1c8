import { describe, expect, it } from '@jest/globals';
import {
  assertModelSpec,
  type Initializer,
  type ModelSpec,
  networkOf,
  type SimpleCnnOptions,
  simpleCnn,
} from '../src';

const spec: ModelSpec = {
  inputHeight: 8,
  inputWidth: 9,
  classNames: ['forest', 'glacier'],
  seed: 0,
};

/** Values that TypeScript refuses and JavaScript lets through. */
const untyped = <Wanted>(value: unknown) => value as Wanted;

function expectRefusal(refuse: () => unknown, message: string): void {
  expect(refuse).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }));
}

describe('assertModelSpec', () => {
  it.each<Partial<ModelSpec>>([{}, { inputHeight: 1, inputWidth: 1 }, { seed: 0xffff_ffff }])(
    'accepts %j',
    (changes) => {
      expect(() => assertModelSpec({ ...spec, ...changes })).not.toThrow();
    },
  );

  it.each<[Partial<ModelSpec>, string]>([
    [{ inputHeight: 0 }, 'inputHeight must be a whole number of pixels ≥ 1, not 0.'],
    [{ inputWidth: 1.5 }, 'inputWidth must be a whole number of pixels ≥ 1, not 1.5.'],
    [{ inputWidth: Number.NaN }, 'inputWidth must be a whole number of pixels ≥ 1, not NaN.'],
    [{ classNames: ['sea'] }, 'classNames must name at least two classes.'],
    [{ classNames: untyped('sea') }, 'classNames must name at least two classes.'],
    [{ classNames: ['sea', ''] }, 'classNames must be strings that are not empty.'],
    [{ classNames: untyped([1, 2]) }, 'classNames must be strings that are not empty.'],
    [{ classNames: ['sea', 'sea'] }, 'classNames must differ from one another: sea, sea.'],
    [{ seed: -1 }, 'seed must be a whole number from 0 to 4294967295, not -1.'],
    [{ seed: 2 ** 32 }, 'seed must be a whole number from 0 to 4294967295, not 4294967296.'],
    [{ seed: 0.5 }, 'seed must be a whole number from 0 to 4294967295, not 0.5.'],
  ])('refuses %j', (changes, message) => {
    expectRefusal(() => assertModelSpec({ ...spec, ...changes }), message);
  });
});

describe('networkOf', () => {
  it('is simple-cnn where the spec names none', () => {
    expect(networkOf(spec).description).toEqual(simpleCnn());
  });

  it.each<[SimpleCnnOptions, RegExp]>([
    [{ channels: [0, 2, 3] }, /conv2d "conv1": channels must be a whole number ≥ 1, not 0/],
    [{ channels: [1, 2.5, 3] }, /conv2d "conv2": channels must be .*2\.5/],
    [{ hiddenUnits: 0 }, /dense "fc1": units must be/],
    [{ dropoutRate: 1 }, /dropout "dropout": rate must be .*below 1, not 1/],
    [{ dropoutRate: -0.1 }, /dropout "dropout": rate must be/],
    [{ dropoutRate: Number.NaN }, /dropout "dropout": rate must be/],
  ])('refuses %j by the node', (options, message) => {
    expect(() => networkOf({ ...spec, network: simpleCnn(options) })).toThrow(message);
  });

  it('refuses an image that cannot be halved three times', () => {
    expect(() => networkOf({ ...spec, inputHeight: 7 })).toThrow(/does not fit.*larger images/);
  });

  it('refuses an initializer that it does not know', () => {
    expectRefusal(
      () => networkOf({ ...spec, initializer: untyped<Initializer>('zeros') }),
      'initializer must be one of uniform-fan-in, glorot-uniform, not zeros.',
    );
  });

  it('refuses what assertModelSpec refuses', () => {
    expect(() => networkOf({ ...spec, seed: -1 })).toThrow('seed must be');
  });
});
