import {
  type AdapterSelection,
  type BenchResults,
  type CompletedTrial,
  type FailedTrial,
  type MachineSummary,
  measureQuality,
  type TrialResult,
} from '@dlcmp/bench-core/results';
import { simpleCnn } from '@dlcmp/contract';

export const CLASS_NAMES = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street'];

export interface TrialFigures {
  readonly adapter?: string;
  readonly displayName?: string;
  readonly backend?: string;
  readonly seed?: number;
  /** Test images out of ten that are predicted right. */
  readonly hitsOfTen?: number;
  readonly trainSeconds?: number;
  readonly inferenceSeconds?: number;
  readonly totalSeconds?: number;
  readonly notes?: readonly string[];
}

/** A trial as a small run leaves it: ten test images, the last ones predicted wrong. */
export function completedTrial(figures: TrialFigures = {}): CompletedTrial {
  const { hitsOfTen = 8, trainSeconds = 41.5, inferenceSeconds = 1.25 } = figures;
  const labels = testLabels();
  const predicted = labels.map((label, i) => (i < hitsOfTen ? label : (label + 1) % 6));
  return {
    status: 'completed',
    ...identity(figures, trainSeconds + inferenceSeconds + 3),
    family: 'cnn',
    device: 'CPU',
    versions: { 'onnxruntime-node': '1.30.0' },
    threads: 2,
    inputHeight: 150,
    inputWidth: 150,
    trainCount: 1200,
    testCount: labels.length,
    phases: {
      importSeconds: 0.2,
      createSeconds: 0.8,
      dataSeconds: 0.1,
      firstStepSeconds: 0.4,
      evaluationSeconds: 1.1,
      saveSeconds: 0.2,
    },
    trainSeconds,
    trainImagesPerSecond: 3600 / trainSeconds,
    epochs: [1, 2, 3].map((epoch) => ({
      epoch,
      trainSeconds: trainSeconds / 3,
      trainImagesPerSecond: 3600 / trainSeconds,
      trainLoss: 1.8 / epoch,
      accuracy: (hitsOfTen / 10) * (1 - 0.4 / epoch),
      evaluationSeconds: 0.35,
    })),
    inferenceSeconds,
    inferenceImagesPerSecond: labels.length / inferenceSeconds,
    inferenceBatchSize: 32,
    latency: { p50Ms: 6.1, p90Ms: 7.4, p99Ms: 9.8, samplesMs: [6.1, 7.4, 9.8] },
    peakRssBytes: 700 * 2 ** 20,
    cpuSeconds: 2 * trainSeconds,
    fitCpuSeconds: 1.9 * trainSeconds,
    fitEnergyJoules: null,
    details: { engine: 'onnxruntime' },
    notes: figures.notes ?? [],
    ...measureQuality(oneHot(predicted), Int32Array.from(labels), CLASS_NAMES),
  };
}

/** A trial whose process died. */
export function failedTrial(figures: TrialFigures = {}): FailedTrial {
  return {
    status: 'failed',
    ...identity(figures, 2.5),
    error: {
      code: 'CRASHED',
      message: 'The process ended by SIGKILL before it answered.',
      exitCode: null,
      signal: 'SIGKILL',
      stderrTail: '',
    },
  };
}

/** Results of a run on real images that passed the parity gate, with `trials` in it. */
export function sampleResults(
  trials: readonly TrialResult[],
  changes: Partial<BenchResults> = {},
): BenchResults {
  return {
    schemaVersion: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    configuration: {
      track: 'parity',
      adapters: adaptersOf(trials),
      epochs: 3,
      batchSize: 32,
      imageSize: 150,
      forestImageSize: 64,
      learningRate: 0.001,
      network: simpleCnn({ channels: [32, 64, 128], hiddenUnits: 512, dropoutRate: 0.5 }),
      seeds: [...new Set(trials.map(({ seed }) => seed))],
      limit: 1200,
      threads: 2,
    },
    dataset: {
      name: 'intel',
      synthetic: false,
      classNames: CLASS_NAMES,
      trainCount: 1200,
      testCount: testLabels().length,
      testImages: testLabels().map((label, i) => ({
        relativePath: `seg_test/${CLASS_NAMES[label]}/${i}.jpg`,
        label,
      })),
      fingerprint: 'f'.repeat(64),
      skipped: [],
    },
    machine: MACHINE,
    parityGate: {
      status: 'passed',
      reason: 'All CNNs trained to the same numbers.',
    },
    trials,
    ...changes,
  };
}

function adaptersOf(trials: readonly TrialResult[]): AdapterSelection[] {
  const keys = new Set(trials.map(({ adapter, backend }) => JSON.stringify({ adapter, backend })));
  return [...keys].map((key) => JSON.parse(key));
}

/** True classes of the ten test images. */
export function testLabels(): number[] {
  return Array.from({ length: 10 }, (_, i) => i % CLASS_NAMES.length);
}

const MACHINE: MachineSummary = {
  os: 'Linux 6.8',
  cpuModel: 'AMD EPYC 7B13',
  cpuFlags: ['avx2'],
  coresAllowed: 2,
  memoryBytes: 16 * 2 ** 30,
  gpus: [],
  nodeVersion: 'v20.20.2',
};

function identity(figures: TrialFigures, totalSeconds: number) {
  return {
    adapter: figures.adapter ?? 'cnn-onnx',
    displayName: figures.displayName ?? 'ONNX Runtime (CNN)',
    backend: figures.backend ?? 'cpu',
    seed: figures.seed ?? 1,
    totalSeconds: figures.totalSeconds ?? totalSeconds,
  };
}

function oneHot(classes: readonly number[]): Float32Array {
  const probabilities = new Float32Array(classes.length * CLASS_NAMES.length);
  classes.forEach((label, i) => {
    probabilities[i * CLASS_NAMES.length + label] = 1;
  });
  return probabilities;
}
