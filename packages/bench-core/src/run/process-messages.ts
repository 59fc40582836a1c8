import type { ImageSize } from '@dlcmp/contract';
import type { ColdStartPlan, ColdStartSample } from '../measure/cold-start/measure-cold-start';
import type { PacedProgress } from '../measure/measure-fit';
import type { TrialPhase, TrialPlan } from '../measure/measure-trial';
import type { ServerPlan } from '../measure/server/measure-server';
import type { SoakPlan } from '../measure/soak/measure-soak';
import type { GateOutcome } from '../parity/gate/gate-outcome';
import type { GatePlan } from '../parity/gate/gate-plan';
import type { Trajectory, TrajectoryOutcome } from '../parity/trajectory';
import type { EpochMeasurement, TrialMeasurements } from '../results/bench-results';
import type { ServerMeasurement } from '../results/server-result';
import type { SoakMeasurement } from '../results/soak-result';
import type { AdapterReference } from './adapter-reference';
import type { ImageFile } from './image-file';

/** Train and evaluate. */
export interface TrialJob {
  readonly kind: 'trial';
  readonly adapter: AdapterReference;
  readonly plan: TrialPlan;
  readonly train: ImageFile;
  readonly test: ImageFile;
}

/** Replay a trajectory. */
export interface ParityJob {
  readonly kind: 'parity';
  readonly adapter: AdapterReference;
  readonly backend: string;
  readonly threads: number;
  readonly trajectory: Trajectory;
}

/** Go through the gate. */
export interface GateJob {
  readonly kind: 'gate';
  readonly adapter: AdapterReference;
  readonly gate: GatePlan;
  readonly train: ImageFile;
  readonly test: ImageFile;
}

/** Compute in float64 as much of the gate as fits `seconds`. */
export interface ReferenceJob extends Omit<GateJob, 'kind' | 'adapter'> {
  readonly kind: 'reference';
  readonly seconds: number;
}

/** Ask a saved model many times and watch the process's memory. */
export interface SoakJob {
  readonly kind: 'soak';
  readonly adapter: AdapterReference;
  readonly plan: SoakPlan;
  readonly test: ImageFile;
}

/** Put servers of a saved model under load. */
export interface ServerJob {
  readonly kind: 'server';
  readonly plan: ServerPlan;
}

/** Start a saved model in a new process. */
export interface ColdStartJob {
  readonly kind: 'cold-start';
  readonly adapter: AdapterReference;
  readonly plan: ColdStartPlan;
  readonly test: ImageFile;
  /** Of its images. */
  readonly size: ImageSize;
}

export type Job =
  | TrialJob
  | ParityJob
  | GateJob
  | ReferenceJob
  | SoakJob
  | ServerJob
  | ColdStartJob;

type Result =
  | TrialMeasurements
  | TrajectoryOutcome
  | GateOutcome
  | SoakMeasurement
  | ServerMeasurement
  | ColdStartSample;

/** What the answer to a job is. */
export type JobResult<J extends Job> = J extends TrialJob
  ? TrialMeasurements
  : J extends ParityJob
    ? TrajectoryOutcome
    : J extends SoakJob
      ? SoakMeasurement
      : J extends ServerJob
        ? ServerMeasurement
        : J extends ColdStartJob
          ? ColdStartSample
          : GateOutcome;

/** From the parent, to a program for jobs of some kinds. */
export type ParentMessage<J extends Job = Job> =
  | { readonly type: 'job'; readonly job: J }
  | { readonly type: 'abort' };

/** On the way to the answer. */
export type TrialEvent =
  | { readonly type: 'phase'; readonly phase: TrialPhase }
  | { readonly type: 'progress'; readonly progress: PacedProgress }
  | { readonly type: 'epoch'; readonly epoch: EpochMeasurement }
  /** Of the scenario `server`: how many loads are over. */
  | { readonly type: 'loads'; readonly completed: number; readonly total: number }
  /** Of a deployment: how many processes have answered. */
  | { readonly type: 'starts'; readonly completed: number; readonly total: number }
  /** Of a soak. */
  | { readonly type: 'requests'; readonly completed: number; readonly total: number };

/** From the child: events, then one answer. */
export type ChildMessage =
  | TrialEvent
  | { readonly type: 'result'; readonly result: Result }
  | { readonly type: 'error'; readonly code: string; readonly message: string };
