// How fast WebAssembly trains and infers with this package's kernels, and with those that TensorFlow.js's WebAssembly
// backend ships: the default network, in one run, one thread each, and all threads besides, by turns.
//
//   pnpm --filter @dlcmp/cnn-tfjs bench:wasm [--images seg_train/seg_train]
//
// The options are in tooling/bench/compare-contenders.mjs; as shipped, a turn of one batch takes ten seconds. As
// shipped, the backend has no gradient of a convolution's filter: it gets one of the backend's own products (see
// contenders/wasm-stock.mjs).
import { availableParallelism } from 'node:os';
import { benchOptions, compareContenders } from '../../../tooling/bench/compare-contenders.mjs';

const options = benchOptions({
  count: '64',
  rounds: '3',
  'train-batches': '1',
  'infer-batches': '1',
  threads: String(availableParallelism()),
});
const own = {
  script: new URL('../../../tooling/bench/classifier.mjs', import.meta.url),
  arguments: ['cnn-tfjs', JSON.stringify({ backend: 'wasm' })],
};
const shipped = { script: new URL('contenders/wasm-stock.mjs', import.meta.url) };
await compareContenders(
  {
    'cnn-tfjs on 1 thread': { ...own, threads: 1 },
    'as shipped on 1 thread': { ...shipped, threads: 1 },
    ...(Number(options.threads) > 1 && { [`cnn-tfjs on ${options.threads} threads`]: own }),
  },
  options,
);
