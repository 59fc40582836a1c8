// Holds this build against that of another checkout, on the same cores, by turns: is a change faster, or slower?
//
//   git worktree add ../before COMMIT && (cd ../before && pnpm install && pnpm build)
//   pnpm bench:builds --base ../before [--contender onnx:graph] [--network resnet-18] [--image-size 96]
//
// `--base-options '{"backend":"wasm"}'` is what `create` is given there, where an engine had another name. The other
// options are in compare-contenders.mjs; --rounds 15 tells 3 % apart on a quiet machine.
import { resolve } from 'node:path';
import { benchOptions, compareContenders } from './compare-contenders.mjs';

const PACKAGES = { onnx: 'cnn-onnx', tfjs: 'cnn-tfjs', rf: 'baseline-rf' };

const { base, contender, ...options } = benchOptions(
  {},
  {
    base: { type: 'string' },
    contender: { type: 'string', default: 'onnx:blocks' },
    'base-options': { type: 'string' },
  },
);
const [adapter, engine] = contender.split(':');
if (base === undefined || !PACKAGES[adapter]) {
  console.error(
    '--base: give the root of the checkout that this one is held against. --contender: onnx, tfjs or rf, with an engine.',
  );
  process.exit(2);
}
const create = JSON.stringify(engine ? { backend: engine } : {});
const script = new URL('classifier.mjs', import.meta.url);
const root = resolve(process.env.INIT_CWD ?? '.', base);
const now = { script, arguments: [PACKAGES[adapter], create] };
await compareContenders(
  {
    now,
    before: {
      script,
      arguments: [PACKAGES[adapter], options['base-options'] ?? create, root],
    },
    // The same once more: what its ratio to the first is besides 1.00 is noise.
    again: now,
  },
  options,
);
