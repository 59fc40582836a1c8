/**
 * Repeats a task that `process.argv[2]` names without a turn of the event loop (only promises are awaited) and prints by how many
 * bytes the process has grown between a third of the calls and the last.
 */
import { TASKS } from './tasks.mjs';

const CALLS = 1500;
const task = TASKS[process.argv[2]];
let before = 0;
for (let call = 0; call <= CALLS; call++) {
  if (call === CALLS / 3 || call === CALLS) {
    globalThis.gc();
    before = process.memoryUsage.rss() - before;
  }
  await task();
}
console.log(before);
