import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Has glibc keep freed memory for the next step, as the packages do by themselves. */
export const KEEP_MEMORY = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '17179869184' };

/** PyTorch as it comes, and at its best: channels last, fused Adam, and an allocator that keeps freed memory. */
export const PYTORCH = {
  'PyTorch as it comes': {
    script: new URL('pytorch.py', import.meta.url),
    arguments: ['default'],
  },
  'PyTorch at its best': {
    script: new URL('pytorch.py', import.meta.url),
    arguments: ['tuned'],
    environment: KEEP_MEMORY,
  },
};

/** The interpreter that contenders in Python run in. */
export function pythonInterpreter() {
  return process.env.DLCMP_PYTHON ?? 'python3';
}

/**
 * Starts a contender: a program that is given its settings as JSON, prints its versions when it is ready, and then
 * computes as many batches as each line of its standard input asks for (`training 5`), and prints the seconds.
 *
 * @param contender `script` is the URL of a file, in JavaScript or Python
 */
export async function startContender({ script, arguments: args = [], environment = {} }, settings) {
  const path = fileURLToPath(script);
  const program = path.endsWith('.py') ? pythonInterpreter() : process.execPath;
  const child = spawn(program, [path, JSON.stringify(settings), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...contenderEnvironment(settings.threads), ...environment },
  });
  const ended = new Promise((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code) => resolve(`exit code ${code}`));
  });
  // A contender that has ended is told by its missing answer.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${path} ended early: ${await ended}.`);
    return value;
  };
  return {
    versions: await answer(),
    async turn(phase, batches) {
      child.stdin.write(`${phase} ${batches}\n`);
      return Number(await answer());
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

function contenderEnvironment(threads) {
  return {
    OMP_NUM_THREADS: String(threads),
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_CPP_MIN_LOG_LEVEL: '3',
    PYTHONPATH: fileURLToPath(new URL('.', import.meta.url)),
  };
}
