// Holds this package on native TensorFlow against Keras, on the same TensorFlow library, and against PyTorch: the
// default network, equal threads and batches, by turns.
//
//   pnpm --filter @dlcmp/cnn-tfjs bench:python [--images seg_train/seg_train]
//
// The options are in tooling/bench/compare-contenders.mjs. Keras and PyTorch run in the interpreter of DLCMP_PYTHON,
// else in python3. Whose TensorFlow it is, that one is loaded here as well, unless DLCMP_TENSORFLOW names another.
import { execFileSync } from 'node:child_process';
import { benchOptions, compareContenders } from '../../../tooling/bench/compare-contenders.mjs';
import { KEEP_MEMORY, PYTORCH, pythonInterpreter } from '../../../tooling/bench/contender.mjs';

const keras = new URL('contenders/keras.py', import.meta.url);
const options = benchOptions();
const library = process.env.DLCMP_TENSORFLOW ?? libraryOf(pythonInterpreter());
await compareContenders(
  {
    'cnn-tfjs': {
      script: new URL('contenders/tfjs.mjs', import.meta.url),
      environment: library && { DLCMP_TENSORFLOW: library },
    },
    Keras: { script: keras },
    'Keras with a tuned allocator': { script: keras, environment: KEEP_MEMORY },
    ...PYTORCH,
  },
  options,
);

/** The folder of the interpreter's TensorFlow. Where there is none, Keras will say so. */
function libraryOf(interpreter) {
  const find =
    "import importlib.util as u; print(u.find_spec('tensorflow').submodule_search_locations[0])";
  try {
    const stdio = ['ignore', 'pipe', 'ignore'];
    return execFileSync(interpreter, ['-c', find], { encoding: 'utf8', stdio }).trim();
  } catch {
    console.error(
      `${interpreter} has no TensorFlow. To hold it against Keras and PyTorch, name a Python that has keras, tensorflow and torch: DLCMP_PYTHON=/path/to/python`,
    );
    return undefined;
  }
}
