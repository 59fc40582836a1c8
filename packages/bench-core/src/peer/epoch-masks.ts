import { setImmediate } from 'node:timers/promises';
import type { Network, TrainingPlan } from '@dlcmp/contract';
import type { PlannedEpoch } from './peer-dialect';

/** What each dropout node leaves out in a whole epoch, by position. */
export interface EpochMasks {
  readonly plan: TrainingPlan;
  readonly epoch: number;
  readonly masks: Promise<PlannedEpoch['masks']>;
}

/** Draws them step by step, so that a peer's messages are read meanwhile. */
export function drawEpochMasks(network: Network, plan: TrainingPlan, epoch: number): EpochMasks {
  return { plan, epoch, masks: drawSteps(Object.keys(network.masks), plan, epoch) };
}

async function drawSteps(
  names: readonly string[],
  plan: TrainingPlan,
  epoch: number,
): Promise<PlannedEpoch['masks']> {
  const steps: Readonly<Record<string, Uint8Array>>[] = [];
  if (names.length === 0) return {};
  for (let step = 0; step < plan.stepsPerEpoch; step++) {
    steps.push(plan.masks(epoch, step));
    await setImmediate();
  }
  const whole = (name: string) => Buffer.concat(steps.map((step) => step[name] as Uint8Array));
  return Object.fromEntries(names.map((name) => [name, whole(name)]));
}
