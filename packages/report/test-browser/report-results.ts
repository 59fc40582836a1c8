import type { BenchResults, CompletedTrial } from '@dlcmp/bench-core/results';
import { completedTrial, failedTrial, sampleResults } from '../test/sample-results';

const ONNX = { adapter: 'cnn-onnx', displayName: 'ONNX Runtime (CNN)', backend: 'cpu' };
const TENSORFLOW = { adapter: 'cnn-tfjs', displayName: 'TensorFlow.js (CNN)', backend: 'wasm' };
const FOREST = { adapter: 'baseline-rf', displayName: 'Random forest', backend: 'cpu' };

/** Three contenders of three seeds each, everything measured, and one failure. */
export function reportResults(): BenchResults {
  const trials = [1, 2, 3].flatMap((seed) => [
    forest(completedTrial({ ...FOREST, seed, hitsOfTen: 6, trainSeconds: 2 + seed / 10 })),
    detailed(completedTrial({ ...ONNX, seed, hitsOfTen: 8, trainSeconds: 40 + seed })),
    detailed(completedTrial({ ...TENSORFLOW, seed, hitsOfTen: 7, trainSeconds: 55 + 2 * seed })),
  ]);
  const broken = { adapter: 'cnn-webgpu', displayName: 'Broken (CNN)', backend: 'webgpu' };
  return sampleResults([...trials, failedTrial(broken)]);
}

function forest(trial: CompletedTrial): CompletedTrial {
  return { ...detailed(trial), family: 'forest', epochs: [] };
}

function detailed(trial: CompletedTrial): CompletedTrial {
  const throughput = [1, 8, 32, 128].map((batchSize) => ({
    batchSize,
    imagesPerSecond: (100 * batchSize) / (batchSize + 10),
    images: 512,
    seconds: 4,
  }));
  const samplesMs = Array.from(
    { length: 200 },
    (_, i) => 5 + (i % 17) / 4 + (i % 97 === 0 ? 9 : 0),
  );
  return { ...trial, throughput, latency: { ...trial.latency, samplesMs } };
}
