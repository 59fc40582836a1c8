import type { NetworkDescription, OptimizerSpec, TrainedLayers } from '@dlcmp/contract';
import * as z from 'zod/mini';
import { parseSchema } from '../schema/parse-schema';
import type { BenchResults, TrialResult } from './bench-results';
import { checkSchema } from './checks';
import { deploymentSchema } from './deployment-result';
import { errorSchema as error, outcomeSchema, SCENARIOS } from './scenarios';
import { serverSchema } from './server-result';
import { shardSchema } from './shard';
import { soakSchema } from './soak-result';
import { trainingRecordSchema } from './training-record';

const fraction = z.number().check(z.minimum(0), z.maximum(1));
const positive = z.number().check(z.minimum(0));
const count = z.int().check(z.minimum(0));
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Checked by whoever builds it: here it is kept as it is. */
const network = z.looseObject({
  schemaVersion: z.literal(1),
  name: z.string(),
  nodes: z.array(z.looseObject({ type: z.string() })),
}) as unknown as z.ZodMiniType<NetworkDescription>;

const recipe = z.object({
  train: z.optional(z.string() as unknown as z.ZodMiniType<TrainedLayers>),
  optimizer: z.optional(
    z.looseObject({
      kind: z.enum(['adam', 'adamW', 'sgd']),
    }) as unknown as z.ZodMiniType<OptimizerSpec>,
  ),
  schedule: z.optional(z.enum(['cosine', 'one-cycle'])),
  warmUpEpochs: z.optional(positive),
  augmentation: z.optional(z.enum(['horizontal-flip', 'random-crop', 'none'])),
  labelSmoothing: z.optional(fraction),
  headLearningRate: z.optional(positive),
  validation: z.optional(fraction),
  patience: z.optional(positive),
});

const configuration = z.object({
  track: z.enum(['parity', 'defaults']),
  adapters: z.array(z.object({ adapter: z.string(), backend: z.string() })),
  epochs: count,
  batchSize: count,
  imageSize: count,
  forestImageSize: count,
  learningRate: positive,
  network,
  pretrained: z.optional(
    z.object({
      name: z.string(),
      source: z.optional(z.string()),
      licence: z.optional(z.string()),
      sha256: z.string(),
    }),
  ),
  recipe: z.optional(recipe),
  seeds: z.array(count),
  repeats: z.optional(count),
  limit: z.nullable(count),
  testLimit: z.optional(count),
  threads: count,
  targetAccuracy: z.optional(fraction),
  scenarios: z.optional(z.array(z.enum(SCENARIOS))),
  soakRequests: z.optional(count),
  serverBoundMs: z.optional(positive),
  tf32: z.optional(z.boolean()),
  matrix: z.optional(
    z.object({
      imageSizes: z.array(count),
      batchSizes: z.array(count),
      learningRates: z.array(positive),
    }),
  ),
});

const dataset = z.object({
  name: z.string(),
  synthetic: z.boolean(),
  classNames: z.array(z.string()),
  trainCount: count,
  testCount: count,
  testImages: z.array(z.object({ relativePath: z.string(), label: count })),
  fingerprint: z.string(),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
});

const machine = z.object({
  name: z.optional(z.string()),
  os: z.string(),
  cpuModel: z.string(),
  cpuFlags: z.array(z.string()),
  coresAllowed: count,
  memoryBytes: count,
  gpus: z.array(z.string()),
  nodeVersion: z.string(),
});

const settings = z.object({
  imageSize: count,
  batchSize: z.nullable(count),
  learningRate: z.nullable(positive),
});

export const gatedContender = z.object({
  contender: z.string(),
  settings: z.optional(settings),
  passed: z.boolean(),
  ranAt: z.optional(z.string()),
  checks: z.array(checkSchema),
});

const parityGate = z.object({
  status: z.enum(['passed', 'failed', 'not-applicable']),
  reason: z.string(),
  contenders: z.optional(z.array(gatedContender)),
});

const identity = {
  adapter: z.string(),
  displayName: z.string(),
  backend: z.string(),
  contender: z.optional(z.string()),
  seed: count,
  repeat: z.optional(count),
  attempts: z.optional(count),
  settings: z.optional(settings),
  machine: z.optional(z.string()),
  startedAt: z.optional(z.string()),
  totalSeconds: positive,
  conditions: z.optional(
    z.object({
      peakRssBytes: z.nullable(count),
      steadyRssBytes: z.nullable(count),
      swapBytes: z.nullable(count),
      throttledSeconds: z.nullable(positive),
      gpuUtilization: z.nullable(fraction),
      gpu: z.optional(
        z.nullable(
          z.object({
            name: z.string(),
            utilization: z.nullable(fraction),
            peakMemoryBytes: z.nullable(count),
            trainEnergyJoules: z.nullable(positive),
          }),
        ),
      ),
      noiseProbe: z.nullable(z.object({ beforeSeconds: positive, afterSeconds: positive })),
    }),
  ),
};

const epoch = z.object({
  epoch: count,
  trainSeconds: positive,
  trainImagesPerSecond: positive,
  trainLoss: z.number(),
  validationLoss: z.optional(z.number()),
  validationAccuracy: z.optional(fraction),
  accuracy: fraction,
  evaluationSeconds: positive,
});

const completed = z.object({
  ...identity,
  status: z.literal('completed'),
  family: z.enum(['forest', 'cnn']),
  division: z.optional(z.enum(['as-published', 'with-kernels'])),
  computedBy: z.optional(
    z.array(z.object({ part: z.string(), by: z.enum(['framework', 'dlcmp']), what: z.string() })),
  ),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  threads: count,
  inputHeight: count,
  inputWidth: count,
  trainCount: count,
  testCount: count,
  phases: z.object({
    importSeconds: positive,
    createSeconds: positive,
    dataSeconds: positive,
    firstStepSeconds: z.nullable(positive),
    evaluationSeconds: positive,
    saveSeconds: positive,
    scenarioSeconds: z.optional(positive),
    watchSeconds: z.optional(positive),
  }),
  trainSeconds: positive,
  trainImagesPerSecond: positive,
  epochs: z.array(epoch),
  inferenceSeconds: positive,
  inferenceImagesPerSecond: positive,
  inferenceBatchSize: count,
  latency: z.object({
    p50Ms: positive,
    p90Ms: positive,
    p99Ms: positive,
    p999Ms: z.optional(z.nullable(positive)),
    firstCallMs: z.optional(positive),
    samplesMs: z.array(positive),
  }),
  throughput: z.optional(
    z.array(
      z.object({ batchSize: count, imagesPerSecond: positive, images: count, seconds: positive }),
    ),
  ),
  savedModel: z.optional(z.object({ sizeBytes: count, loadSeconds: positive, accuracy: fraction })),
  timeToAccuracy: z.optional(
    z.object({
      target: fraction,
      trainSeconds: z.nullable(positive),
      epochs: z.nullable(count),
    }),
  ),
  peakRssBytes: count,
  cpuSeconds: positive,
  fitCpuSeconds: positive,
  fitEnergyJoules: z.nullable(positive),
  details: z.record(z.string(), scalar),
  notes: z.array(z.string()),
  checks: z.optional(z.array(checkSchema)),
  comparable: z.optional(z.boolean()),
  training: z.optional(trainingRecordSchema),
  soak: z.optional(outcomeSchema(soakSchema)),
  server: z.optional(outcomeSchema(serverSchema)),
  deployment: z.optional(outcomeSchema(deploymentSchema)),
  accuracy: fraction,
  logLoss: positive,
  confusionMatrix: z.array(z.array(count)),
  perClass: z.array(
    z.object({
      className: z.string(),
      precision: fraction,
      recall: fraction,
      f1: fraction,
      support: count,
    }),
  ),
  predictedLabels: z.array(count),
});

const trial = z.discriminatedUnion('status', [
  completed,
  z.object({ ...identity, status: z.literal('failed'), error }),
  z.object({ ...identity, status: z.literal('aborted'), error }),
]);

/** The shape of `results.json`. */
export const resultsSchema = z.object({
  schemaVersion: z.literal(1),
  startedAt: z.string(),
  configuration,
  dataset,
  machine,
  machines: z.optional(z.array(machine)),
  shard: z.optional(shardSchema),
  command: z.optional(z.object({ version: z.string(), options: z.array(z.string()) })),
  parityGate,
  trials: z.array(trial),
});

/** JSON Schema of `results.json`, for readers in other languages. */
export function resultsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(resultsSchema) as Record<string, unknown>;
}

/** What keeps `result` out of `results.json`; undefined where nothing does. */
export function describeInvalidTrial(result: TrialResult): string | undefined {
  const parsed = parseSchema(trial, jsonCopy(result));
  return 'fault' in parsed ? parsed.fault : undefined;
}

/** What a reader of the JSON will see: NaN becomes null, undefined goes. */
export function jsonCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/**
 * Checks that `value` is the content of a `results.json`.
 *
 * @throws RangeError naming what is wrong with it, and where
 */
export function parseResults(value: unknown): BenchResults {
  const parsed = parseSchema(resultsSchema, value);
  if ('fault' in parsed) throw new RangeError(parsed.fault);
  return parsed.value;
}
