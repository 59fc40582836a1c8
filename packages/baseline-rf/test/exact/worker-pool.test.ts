import { describe, expect, it } from '@jest/globals';
import { WorkerPool } from '../../src/exact/worker-pool';

function script(code: string): URL {
  const prelude = "import { parentPort, workerData } from 'node:worker_threads';";
  return new URL(`data:text/javascript,${encodeURIComponent(prelude + code)}`);
}

describe('WorkerPool', () => {
  it('answers every task once, with whichever worker is free', async () => {
    const code = 'parentPort.on("message", (n) => parentPort.postMessage([workerData, n * n]));';
    const pool = new WorkerPool<number, [string, number]>(script(code), ['a', 'b', 'c']);
    const results: number[] = [];
    const workers = new Set<string>();
    await pool.run([1, 2, 3, 4, 5, 6, 7], ([worker, square], index) => {
      results[index] = square;
      workers.add(worker);
    });
    await pool.close();
    expect(results).toEqual([1, 4, 9, 16, 25, 36, 49]);
    expect([...workers].sort()).toEqual(['a', 'b', 'c']);
  });

  it('passes on what a worker throws', async () => {
    const code = 'parentPort.on("message", () => { throw new RangeError("too deep"); });';
    const pool = new WorkerPool(script(code), [0, 1]);
    await expect(pool.run([1, 2, 3], () => {})).rejects.toThrow('too deep');
    await pool.close();
  });

  it('notices a worker that ends', async () => {
    const code = 'parentPort.on("message", () => process.exit(3));';
    const pool = new WorkerPool(script(code), [0]);
    await expect(pool.run([1], () => {})).rejects.toThrow(/exit code 3/);
    await pool.close();
  });
});
