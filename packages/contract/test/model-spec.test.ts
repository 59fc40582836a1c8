import { describe, expect, it } from '@jest/globals';
import {
  assertCnnSpec,
  assertModelSpec,
  type CnnArchitecture,
  DEFAULT_ARCHITECTURE,
  type Initializer,
  type ModelSpec,
} from '../src';

const spec: ModelSpec = {
  inputHeight: 8,
  inputWidth: 9,
  classNames: ['forest', 'glacier'],
  seed: 0,
};

const architecture: CnnArchitecture = { channels: [1, 2, 3], hiddenUnits: 4, dropoutRate: 0 };

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

describe('assertCnnSpec', () => {
  it('gives the architecture in force', () => {
    expect(assertCnnSpec(spec)).toBe(DEFAULT_ARCHITECTURE);
    expect(assertCnnSpec({ ...spec, architecture })).toBe(architecture);
  });

  const sizes = 'architecture.channels must hold three whole numbers ≥ 1 and hiddenUnits one.';
  const rate = 'architecture.dropoutRate must be at least 0 and below 1, not';

  it.each<[Partial<CnnArchitecture>, string]>([
    [{ channels: [0, 2, 3] }, sizes],
    [{ channels: [1, 2.5, 3] }, sizes],
    [{ channels: untyped([1, 2]) }, sizes],
    [{ channels: untyped(undefined) }, sizes],
    [{ hiddenUnits: 0 }, sizes],
    [{ hiddenUnits: untyped(undefined) }, sizes],
    [{ dropoutRate: 1 }, `${rate} 1.`],
    [{ dropoutRate: -0.1 }, `${rate} -0.1.`],
    [{ dropoutRate: Number.NaN }, `${rate} NaN.`],
  ])('refuses the architecture %j', (changes, message) => {
    const changed = { ...spec, architecture: { ...architecture, ...changes } };
    expectRefusal(() => assertCnnSpec(changed), message);
  });

  it('refuses an image that cannot be halved three times', () => {
    expectRefusal(
      () => assertCnnSpec({ ...spec, inputHeight: 7 }),
      'simple-cnn halves the image three times: inputHeight and inputWidth must be ≥ 8.',
    );
  });

  it('refuses an initializer that it does not know', () => {
    expectRefusal(
      () => assertCnnSpec({ ...spec, initializer: untyped<Initializer>('zeros') }),
      'initializer must be one of uniform-fan-in, glorot-uniform, not zeros.',
    );
  });

  it('refuses what assertModelSpec refuses', () => {
    expect(() => assertCnnSpec({ ...spec, seed: -1 })).toThrow('seed must be');
  });
});
