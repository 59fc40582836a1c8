import type { RecordedWork } from '@dlcmp/cuda';
import type { CudaEngine } from './cuda-engine';

/** Runs after which ONNX Runtime has chosen its algorithms and has all the memory that it wants. */
const WARM_UP_RUNS = 2;

/** Records what `compute` queues, once it has run often enough to be the same every time. */
export function recordWarm({ driver, stream }: CudaEngine, compute: () => void): RecordedWork {
  for (let run = 0; run < WARM_UP_RUNS; run++) compute();
  driver.synchronize(stream);
  return driver.record(stream, compute);
}
