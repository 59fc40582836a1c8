export * from '../metrics/blanket-failure';
export * from '../metrics/compare-adapters';
export * from '../metrics/compare-runs';
export * from '../metrics/compare-sides';
export * from '../metrics/comparison';
export * from '../metrics/contender-title';
export * from '../metrics/contenders';
export * from '../metrics/failed-checks';
export * from '../metrics/figure-summaries';
export * from '../metrics/first-epoch-losses';
export * from '../metrics/growing-memory';
export { type Growth, type GrowthSample, growthOf, isGrowing } from '../metrics/growth';
export * from '../metrics/mean-interval';
export type { MedianInterval } from '../metrics/median-interval';
export * from '../metrics/metric-definitions';
export * from '../metrics/node-against-python';
export * from '../metrics/peer-clocks';
export * from '../metrics/quality';
export * from '../metrics/time-to-accuracy';
export * from '../metrics/warnings';
export * from './bench-results';
export * from './changed-facts';
export type { Check } from './checks';
export type {
  ColdStart,
  DeploymentMeasurement,
  EnvironmentSupport,
  InstallCard,
  MemoryAtWork,
} from './deployment-result';
export * from './inference-results';
export * from './machines';
export * from './results-file';
export { parseResults, resultsJsonSchema } from './results-schema';
export { SCENARIOS, type Scenario, type ScenarioOutcome } from './scenarios';
export {
  type EventLoopDelay,
  SERVER_ROWS,
  SERVER_WAYS,
  type ServerMeasurement,
  type ServerRow,
  type ServerRowMeasurement,
  type ServerWay,
} from './server-result';
export { describeShard, type Shard, seedsOfShard } from './shard';
export {
  MEMORY_GAUGES,
  type MemoryGauge,
  type MemoryRecord,
  type MemorySample,
  type SoakMeasurement,
} from './soak-result';
