import { createRequire } from 'node:module';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';
import { DECIDED_DIFFERENCES } from './against-cpu/decided-differences';
import {
  binaryCases,
  cumulativeCases,
  reductionCases,
  unaryCases,
} from './against-cpu/element-cases';
import { imageCases } from './against-cpu/image-cases';
import { difference, type Outcome, outcomeOf } from './against-cpu/kernel-case';
import { layerCases } from './against-cpu/layer-cases';
import { structuralCases } from './against-cpu/structural-cases';
import { unusualImageCases } from './against-cpu/unusual-image-cases';
import { windowCases } from './against-cpu/window-cases';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;

const CASES = [
  ...[...unaryCases(), ...binaryCases(), ...reductionCases(), ...cumulativeCases()],
  ...[...structuralCases(), ...imageCases(), ...windowCases(), ...layerCases()],
  ...unusualImageCases(),
];

describeOnTensorFlow('every kernel against the backend `cpu`', () => {
  const used = new Set<string>();
  let differences: (readonly [string, string])[] = [];
  let answered = 0;

  /** Outcomes of all cases; kernels are noted by their names, and leaks of tensors inside of them are errors. */
  async function outcomesOn(backend: string): Promise<Outcome[]> {
    await tf.setBackend(backend);
    return CASES.map((kernelCase) => outcomeOf(tf, kernelCase));
  }

  beforeAll(async () => {
    registerTensorFlow(tf);
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    tf.env().set('IS_TEST', true);
    const runKernel = jest.spyOn(tf.engine(), 'runKernel');
    runKernel.mockImplementation(function (this: unknown, name, inputs, attributes) {
      used.add(name);
      return Object.getPrototypeOf(tf.engine()).runKernel.call(
        tf.engine(),
        name,
        inputs,
        attributes,
      );
    });
    const expected = await outcomesOn('cpu');
    const actual = await outcomesOn('tensorflow');
    answered = expected.filter((outcome) => 'tensors' in outcome).length;
    differences = CASES.flatMap(({ name }, index) => {
      const found = difference(expected[index]!, actual[index]!);
      return found === undefined ? [] : [[name, found] as const];
    });
    jest.restoreAllMocks();
    tf.env().set('IS_TEST', false);
  });

  it('answers as it does, or as is decided', () => {
    const undecided = differences.filter(
      ([name]) => !DECIDED_DIFFERENCES.some(([cases]) => cases.test(name)),
    );
    expect(undecided).toEqual([]);
    expect(answered).toBeGreaterThan(2000);
  });

  it('differs where that is decided', () => {
    const stale = DECIDED_DIFFERENCES.filter(
      ([cases]) => !differences.some(([name]) => cases.test(name)),
    );
    expect(stale).toEqual([]);
  });

  it('covers all of them', () => {
    const kernels = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
    expect(kernels.filter((name) => !used.has(name))).toEqual([]);
    const ours = new Set(tf.getKernelsForBackend('tensorflow').map(({ kernelName }) => kernelName));
    expect(kernels.filter((name) => !ours.has(name))).toEqual([]);
  });
});
