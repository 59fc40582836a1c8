import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts a contender: a program that is given its settings as JSON, prints its versions when it is ready, and then
 * computes as many batches as each line of its standard input asks for (`training 5`), and prints the seconds.
 *
 * @param script name of a file in `contenders/`, or the URL of one elsewhere
 * @param library folder of the TensorFlow that is to be loaded, if another than usual
 */
export async function startContender(
  { script, arguments: args = [], environment = {} },
  settings,
  python,
  library,
) {
  const program = String(script).endsWith('.py') ? python : process.execPath;
  const threads = String(settings.threads);
  const child = spawn(
    program,
    [
      fileURLToPath(new URL(script, new URL('contenders/', import.meta.url))),
      JSON.stringify(settings),
      ...args,
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        OMP_NUM_THREADS: threads,
        TF_NUM_INTRAOP_THREADS: threads,
        TF_CPP_MIN_LOG_LEVEL: '3',
        ...(library && { DLCMP_TENSORFLOW: library }),
        ...environment,
      },
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = new Promise((resolve) => child.once('close', resolve));
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended early, with exit code ${await exited}.`);
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
      await exited;
    },
  };
}
