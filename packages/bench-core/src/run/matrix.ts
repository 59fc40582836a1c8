import { DlcmpError } from '@dlcmp/contract';
import * as z from 'zod/mini';
import { combinations } from '../metrics/planned-contenders';
import type { TrialSettings } from '../results/bench-results';
import { parseSchema } from '../schema/parse-schema';
import type { BenchPlan, SelectedAdapter } from './bench-plan';

const sizes = z.array(z.int().check(z.minimum(8))).check(z.minLength(1));
const counts = z.array(z.int().check(z.minimum(1))).check(z.minLength(1));
const rates = z.array(z.number().check(z.gt(0))).check(z.minLength(1));
const seeds = z.array(z.int().check(z.minimum(0), z.maximum(0xffff_ffff))).check(z.minLength(1));
const names = z.array(z.string()).check(z.minLength(1));

/** The content of a `--matrix` file: each axis is optional and takes the place of its option. */
export interface Matrix {
  readonly adapters?: readonly string[] | undefined;
  /** For each adapter, those to run it on. */
  readonly backends?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly imageSizes?: readonly number[] | undefined;
  readonly batchSizes?: readonly number[] | undefined;
  readonly learningRates?: readonly number[] | undefined;
  readonly seeds?: readonly number[] | undefined;
}

const matrixSchema = z.strictObject({
  adapters: z.optional(names),
  backends: z.optional(z.record(z.string(), names)),
  imageSizes: z.optional(sizes),
  batchSizes: z.optional(counts),
  learningRates: z.optional(rates),
  seeds: z.optional(seeds),
}) satisfies z.ZodMiniType<Matrix>;

/**
 * Checks that `content` is a matrix; `path` is for the message.
 *
 * @throws `INVALID_ARGUMENT` naming the file, the axis and what is wrong with it
 */
export function parseMatrix(content: unknown, path: string): Matrix {
  const parsed = parseSchema(matrixSchema, content);
  const reason = 'fault' in parsed ? parsed.fault : describeRepetition(parsed.value);
  if ('value' in parsed && reason === undefined) return parsed.value;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--matrix ${path}: ${reason}. The axes are ${Object.keys(matrixSchema.shape).join(', ')}; each is a list.`,
  );
}

function describeRepetition({ backends = {}, ...axes }: Matrix): string | undefined {
  const lists = Object.entries<readonly unknown[] | undefined>({ ...backends, ...axes });
  const repeated = lists.find(([, values = []]) => new Set(values).size !== values.length);
  return repeated && `${repeated[0]} holds a value twice`;
}

/**
 * The settings that a matrix runs `selected` with: every combination for a CNN, one for a forest,
 * which has neither batches nor a learning rate and its own image size. Outside of a matrix, one
 * without settings.
 */
export function settingsOf(
  { configuration }: BenchPlan,
  { adapter }: SelectedAdapter,
): (TrialSettings | undefined)[] {
  const { matrix, forestImageSize } = configuration;
  if (!matrix) return [undefined];
  if (adapter.family === 'forest') {
    return [{ imageSize: forestImageSize, batchSize: null, learningRate: null }];
  }
  return combinations(matrix);
}

/** `plan` as a trial with `settings` sees it. */
export function planAt(plan: BenchPlan, settings: TrialSettings | undefined): BenchPlan {
  if (!settings || settings.batchSize === null || settings.learningRate === null) return plan;
  const { imageSize, batchSize, learningRate } = settings;
  const cnn = plan.sizedImages?.get(imageSize) ?? plan.images.cnn;
  return {
    ...plan,
    configuration: { ...plan.configuration, imageSize, batchSize, learningRate },
    images: { ...plan.images, ...(cnn && { cnn }) },
  };
}
