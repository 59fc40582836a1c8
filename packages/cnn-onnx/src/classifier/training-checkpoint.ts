import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import {
  assertArgument,
  DlcmpError,
  type LabelledImages,
  readSafetensors,
  readSafetensorsMetadata,
  type Weights,
  writeSafetensors,
} from '@dlcmp/contract';
import type { GraphTrainer } from './graph-trainer';

/** Where in its plan a training run stands. */
export interface PlanPosition {
  /** The epoch of the next step, from 1. */
  readonly epoch: number;
  /** The next step of that epoch, from 0. */
  readonly step: number;
  /** Steps finished since the run began. */
  readonly completed: number;
  /** Sum over the epoch's images so far of their loss. */
  readonly lossSum: number;
}

/** All that decides a run besides weights and images; each value is compared when it resumes. */
export type RunSettings = Readonly<Record<string, unknown>>;

const FORMAT = 'dlcmp-training-checkpoint-1';
const MOMENT_PREFIX = 'optimizer.';

/** Identifies the images by number and labels: hashing all pixels would take seconds. */
export function imagesDigest({ labels, count }: LabelledImages): string {
  const bytes = new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength);
  return `${count}:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Writes weights, state and moments as one safetensors file, with position and settings in its
 * metadata. The file appears in one piece: a crash leaves the one before.
 */
export async function writeCheckpoint(
  path: string,
  values: Weights,
  { optimizer }: GraphTrainer,
  position: PlanPosition,
  settings: RunSettings,
): Promise<void> {
  const moments = Object.entries(optimizer.state()).map(([name, data]) => [
    `${MOMENT_PREFIX}${name}`,
    { shape: [data.length], data },
  ]);
  const unfinished = `${path}.unfinished`;
  await writeSafetensors(
    unfinished,
    { ...values, ...Object.fromEntries(moments) },
    {
      format: FORMAT,
      position: JSON.stringify(position),
      stepCount: String(optimizer.stepCount),
      settings: JSON.stringify(settings),
    },
  );
  await rename(unfinished, path);
}

/**
 * Puts weights, state and moments back from what {@link writeCheckpoint} wrote, and tells where the
 * run goes on.
 *
 * @throws `INVALID_FILE`; `INVALID_ARGUMENT` where the run is not the one that wrote it
 */
export async function restoreCheckpoint(
  path: string,
  values: Weights,
  { optimizer }: GraphTrainer,
  settings: RunSettings,
): Promise<PlanPosition> {
  const metadata = await readSafetensorsMetadata(path);
  if (metadata.format !== FORMAT) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is not a training checkpoint. Give the path that fit wrote with checkpoint.path; to start from mere weights, use initialWeights.`,
    );
  }
  assertSameRun(path, JSON.parse(metadata.settings ?? '{}'), settings);
  const tensors = await readSafetensors(path);
  const tensor = (name: string) => {
    const found = tensors[name]?.data;
    if (found) return found;
    throw new DlcmpError('INVALID_FILE', `${path} lacks the tensor ${name}. Start the run anew.`);
  };
  for (const [name, { data }] of Object.entries(values)) data.set(tensor(name));
  const moments = Object.keys(optimizer.state()).map((name) => [
    name,
    tensor(`${MOMENT_PREFIX}${name}`),
  ]);
  optimizer.restore(Object.fromEntries(moments), Number(metadata.stepCount));
  return JSON.parse(metadata.position as string) as PlanPosition;
}

function assertSameRun(path: string, recorded: RunSettings, current: RunSettings): void {
  const different = Object.keys({ ...recorded, ...current }).find(
    (name) => JSON.stringify(recorded[name]) !== JSON.stringify(current[name]),
  );
  assertArgument(
    different === undefined,
    `${path} was written with another ${different}: ${brief(recorded[different ?? ''])} there, ${brief(current[different ?? ''])} here. Resume with the settings and images that the run began with.`,
  );
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
