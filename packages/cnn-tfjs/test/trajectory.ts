import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AdamOptions,
  type ModelSpec,
  readSafetensors,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/bench-core/contract';

/** A training run that PyTorch recorded in float64. */
export interface Trajectory {
  readonly name: string;
  readonly spec: ModelSpec;
  readonly adam: AdamOptions;
  readonly steps: readonly { batch: TrainingBatch; logits: readonly number[]; loss: number }[];
  readonly firstGradients: Weights;
  readonly finalWeights: Weights;
}

interface TrajectoryFile extends Required<AdamOptions> {
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly channels: [number, number, number];
  readonly hiddenUnits: number;
  readonly numClasses: number;
  readonly dropoutRate: number;
  readonly steps: readonly {
    readonly pixelsNhwcBase64: string;
    readonly labels: readonly number[];
    readonly dropoutKeepBase64: string;
    readonly evalLogitsBeforeStep: readonly (readonly number[])[];
    readonly trainLoss: number;
  }[];
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The committed trajectory, and larger ones where this checkout has them beside it. */
export function trajectoryDirectories(): string[] {
  const oracle = process.env.DLCMP_ORACLE ?? here('../../../../shared/oracle');
  const larger = ['odd-37x29', 'square-24'].map((name) => join(oracle, name));
  return [here('fixtures/trajectory-19x16'), ...larger.filter((path) => existsSync(path))];
}

export async function readTrajectory(directory: string): Promise<Trajectory> {
  const file = JSON.parse(
    readFileSync(join(directory, 'trajectory.json'), 'utf8'),
  ) as TrajectoryFile;
  const { inputHeight, inputWidth, channels, hiddenUnits, dropoutRate } = file;
  const weights = (name: string) => readSafetensors(join(directory, `${name}.safetensors`));
  return {
    name: directory,
    spec: {
      inputHeight,
      inputWidth,
      classNames: Array.from({ length: file.numClasses }, (_, index) => `class ${index}`),
      seed: 0,
      architecture: { channels, hiddenUnits, dropoutRate },
      initialWeights: await weights('init'),
    },
    adam: { learningRate: file.learningRate, betas: file.betas, epsilon: file.epsilon },
    steps: file.steps.map((step) => ({
      batch: {
        pixels: fromBase64(step.pixelsNhwcBase64),
        labels: Int32Array.from(step.labels),
        dropoutKeep: fromBase64(step.dropoutKeepBase64),
        size: step.labels.length,
      },
      logits: step.evalLogitsBeforeStep.flat(),
      loss: step.trainLoss,
    })),
    firstGradients: await weights('grad-step-1'),
    finalWeights: await weights('final'),
  };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
