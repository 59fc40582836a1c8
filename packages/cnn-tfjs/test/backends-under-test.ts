import { cnnTfjs } from '../src/index';

/**
 * The backends that can run here. WebAssembly always can; native TensorFlow once `pnpm setup:tensorflow` has run, as it
 * has in CI, where `test:tfjs-core` fails without it.
 */
export const BACKENDS_UNDER_TEST: readonly string[] = (await cnnTfjs.probe())
  .filter(({ available }) => available)
  .map(({ name }) => name);
