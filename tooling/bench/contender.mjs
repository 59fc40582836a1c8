import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts a contender: a program that is given its settings as JSON, prints its versions when it is ready, and then
 * computes as many batches as each line of its standard input asks for (`training 5`), and prints the seconds.
 *
 * @param contender `script` is the URL of a file
 */
export async function startContender({ script, arguments: args = [], environment = {} }, settings) {
  const path = fileURLToPath(script);
  const child = spawn(process.execPath, [path, JSON.stringify(settings), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
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
