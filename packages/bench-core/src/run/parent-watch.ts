import { Worker } from 'node:worker_threads';

const INTERVAL_MS = 250;

/**
 * A thread that ends this process when the one that started it is gone. The main thread hears of that
 * as `disconnect`, but only when the framework lets it listen.
 */
const PROGRAM = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL');
  }, workerData.interval);
`;

/** Ends this process soon after the one with the id `parent` has ended, however it ended. */
export function endWithParent(parent: number): void {
  const workerData = { parent, interval: INTERVAL_MS };
  new Worker(PROGRAM, { eval: true, workerData, execArgv: [], env: {} }).unref();
}
