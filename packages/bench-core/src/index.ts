export { allowedCores } from './measure/allowed-cores';
export { type Clock, monotonicClock } from './measure/clock';
export { describeMachine } from './measure/describe-machine';
export { folderBytes, measureInstall } from './measure/install/measure-install';
export { measureLatency } from './measure/latency';
export type { PacedProgress, TrainingOptions } from './measure/measure-fit';
export {
  measureTrial,
  type TrialEnvironment,
  type TrialPhase,
  type TrialPlan,
} from './measure/measure-trial';
export { probeNoise } from './measure/noise-probe';
export { readResourceUsage } from './measure/resource-usage';
export { measureServer, type ServerPlan } from './measure/server/measure-server';
export { FEWEST_REQUESTS } from './measure/soak/measure-soak';
export { measureThroughput, type ThroughputMeasurement } from './measure/throughput';
export { type MergedStudy, mergeResults } from './merge/merge-results';
export { shellWord } from './merge/missing-blocks';
export type { StudyPart } from './merge/study-part';
export { holmCorrection } from './metrics/holm';
export { type McNemarTest, mcNemarTest } from './metrics/mcnemar';
export { type PairedRatio, pairedRatio, type RatioInterval } from './metrics/paired-ratio';
export * from './parity/compare-outcomes';
export * from './parity/recorded-trajectory';
export * from './parity/replay-recording';
export * from './parity/replay-trajectory';
export * from './parity/trajectory';
export * from './results';
export { describeFileError } from './results/file-errors';
export { assertWritableFolder, claimOutputFolder } from './results/output-folder';
export { writeWhole } from './results/write-whole';
export * from './run/adapter-reference';
export * from './run/bench-plan';
export { type GateCache, gateCacheIn } from './run/gate-cache';
export * from './run/image-file';
export { killAtExit } from './run/kill-at-exit';
export { type Matrix, parseMatrix } from './run/matrix';
export { endWithParent } from './run/parent-watch';
export type {
  ColdStartJob,
  GateJob,
  Job,
  JobResult,
  ParityJob,
  ReferenceJob,
  ServerJob,
  SoakJob,
  TrialEvent,
  TrialJob,
} from './run/process-messages';
export { assertResumable, blocksBegunElsewhere } from './run/resume';
export * from './run/run-bench';
export * from './run/run-in-process';
export { DEFAULT_SERVER_BOUND_MS, DEFAULT_SOAK_REQUESTS } from './run/run-scenarios';
export { schedule, type TrialTurn } from './run/schedule';
export { createTrialJob } from './run/trial-settings';
