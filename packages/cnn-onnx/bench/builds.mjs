// Holds this build against that of another checkout, on the same cores, by turns: is a change faster, or slower?
//
//   git worktree add ../before COMMIT && (cd ../before && pnpm install && pnpm build)
//   pnpm --filter @dlcmp/cnn-onnx bench:builds --base ../before [--engine graph] [--network resnet-18] [--image-size 96]
//
// The other options are in tooling/bench/compare-contenders.mjs; --rounds 15 tells 3 % apart on a quiet machine.
import { resolve } from 'node:path';
import { benchOptions, compareContenders } from '../../../tooling/bench/compare-contenders.mjs';

const { base, engine, ...options } = benchOptions(
  {},
  { base: { type: 'string' }, engine: { type: 'string', default: 'blocks' } },
);
if (base === undefined) {
  console.error('--base: give the root of the checkout that this one is held against.');
  process.exit(2);
}
const script = new URL('contenders/cnn-onnx.mjs', import.meta.url);
const before = resolve(process.env.INIT_CWD ?? '.', base);
await compareContenders(
  {
    now: { script, arguments: [engine] },
    before: { script, arguments: [engine, before] },
    // The same once more: what its ratio to the first is besides 1.00 is noise.
    again: { script, arguments: [engine] },
  },
  options,
);
