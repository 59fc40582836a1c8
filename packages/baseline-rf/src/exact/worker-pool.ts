import { Worker } from 'node:worker_threads';

/** Threads that each answer one task at a time with one message. */
export class WorkerPool<Task, Result> {
  private readonly workers: readonly Worker[];

  /** Starts one worker of `script` for each of `workerData`. */
  constructor(script: URL, workerData: readonly unknown[]) {
    this.workers = workerData.map((data) => new Worker(script, { workerData: data, execArgv: [] }));
  }

  /**
   * Hands the tasks out in order, each to the next free worker.
   *
   * @param onResult called with each answer, in the order in which they come
   * @throws what a worker or `onResult` throws, at once; the pool is then of no more use
   */
  async run(
    tasks: readonly Task[],
    onResult: (result: Result, taskIndex: number) => void,
  ): Promise<void> {
    let next = 0;
    await Promise.all(
      this.workers.map(async (worker) => {
        while (next < tasks.length) {
          const taskIndex = next++;
          const result = await ask<Task, Result>(worker, tasks[taskIndex] as Task);
          onResult(result, taskIndex);
        }
      }),
    );
  }

  /** Stops the workers, whatever they are at. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function ask<Task, Result>(worker: Worker, task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      action();
    };
    const onMessage = (result: Result) => settle(() => resolve(result));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`A worker thread ended early, with exit code ${code}.`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}
