import { describe } from '@jest/globals';
import { probeTensorFlow } from '../src/engine';

const probe = await probeTensorFlow('CPU');

/** Whether native TensorFlow is here: once `pnpm setup:tensorflow` has run, as in CI, where `test:tfjs-core` fails without it. */
export const hasTensorFlow = probe.available;

/** A suite that is skipped where there is no native TensorFlow. */
export const describeOnTensorFlow = hasTensorFlow ? describe : describe.skip;
