// Holds this package against PyTorch on the same cores: the default network, equal threads and batches, by turns.
//
//   pnpm --filter @dlcmp/cnn-onnx bench:pytorch [--images seg_train/seg_train] [--threads 1] [--batch-size 1]
//
// cnn-onnx trains for 20 steps of 32 images first, so that its inference is that of a trained network.
//
// The options are in tooling/bench/compare-contenders.mjs. PyTorch runs in the interpreter of DLCMP_PYTHON, else in
// python3, as it comes and at its best: channels last, fused Adam, and an allocator that keeps freed memory.
import { benchOptions, compareContenders } from '../../../tooling/bench/compare-contenders.mjs';
import { PYTORCH } from '../../../tooling/bench/contender.mjs';

await compareContenders(
  { 'cnn-onnx': { script: new URL('contenders/cnn-onnx.mjs', import.meta.url) }, ...PYTORCH },
  benchOptions(),
);
