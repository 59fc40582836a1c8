import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DlcmpError, readSafetensors, simpleCnn, type TrainingBatch } from '@dlcmp/contract';
import * as z from 'zod/mini';
import { parseSchema } from '../schema/parse-schema';
import type { Trajectory, TrajectoryOutcome } from './trajectory';

const sides = z.int().check(z.positive());
const fileSchema = z.object({
  reference: z.string(),
  inputHeight: sides,
  inputWidth: sides,
  channels: z.tuple([sides, sides, sides]),
  hiddenUnits: sides,
  numClasses: sides,
  batchSize: sides,
  learningRate: z.number(),
  betas: z.tuple([z.number(), z.number()]),
  epsilon: z.number(),
  dropoutRate: z.number(),
  steps: z.array(
    z.object({
      pixelsNhwcBase64: z.string(),
      labels: z.array(z.int()),
      dropoutKeepBase64: z.string(),
      evalLogitsBeforeStep: z.array(z.array(z.number())),
      trainLoss: z.number(),
    }),
  ),
});

export interface RecordedTrajectory {
  /** Who recorded it, e.g. `PyTorch 1.13, float64`. */
  readonly source: string;
  readonly trajectory: Trajectory;
  readonly outcome: TrajectoryOutcome;
}

/**
 * Reads a recorded trajectory: `trajectory.json`, `init.safetensors`, `grad-step-1.safetensors` and
 * `final.safetensors` in `directory`.
 *
 * @throws `INVALID_FILE` naming the file and the field
 */
export async function readRecordedTrajectory(directory: string): Promise<RecordedTrajectory> {
  const path = join(directory, 'trajectory.json');
  const file = await parseTrajectoryFile(path);
  const readWeights = (name: string) => readSafetensors(join(directory, `${name}.safetensors`));
  const initialWeights = await readWeights('init');
  const { channels, hiddenUnits, dropoutRate, inputHeight, inputWidth } = file;
  const { learningRate, betas, epsilon } = file;
  const classNames = Array.from({ length: file.numClasses }, (_, index) => `class ${index}`);
  const network = simpleCnn({ channels, hiddenUnits, dropoutRate });
  return {
    source: file.reference,
    trajectory: {
      spec: { inputHeight, inputWidth, classNames, seed: 0, network, initialWeights },
      learningRate,
      betas,
      epsilon,
      batches: file.steps.map(readBatch),
    },
    outcome: {
      logits: file.steps.map((step) => Float32Array.from(step.evalLogitsBeforeStep.flat())),
      losses: file.steps.map((step) => step.trainLoss),
      gradients: await readWeights('grad-step-1'),
      finalWeights: await readWeights('final'),
    },
  };
}

type TrajectoryFile = z.infer<typeof fileSchema>;

async function parseTrajectoryFile(path: string): Promise<TrajectoryFile> {
  const invalid = (reason: string, cause?: unknown) =>
    new DlcmpError('INVALID_FILE', `${path} is not a recorded trajectory: ${reason}.`, { cause });
  const content: unknown = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch((cause: unknown) => {
      throw invalid((cause as Error).message, cause);
    });
  const parsed = parseSchema(fileSchema, content);
  if ('fault' in parsed) throw invalid(parsed.fault);
  return parsed.value;
}

function readBatch(step: TrajectoryFile['steps'][number]): TrainingBatch {
  return {
    pixels: Uint8Array.from(Buffer.from(step.pixelsNhwcBase64, 'base64')),
    labels: Int32Array.from(step.labels),
    masks: { dropout: Uint8Array.from(Buffer.from(step.dropoutKeepBase64, 'base64')) },
    size: step.labels.length,
  };
}
