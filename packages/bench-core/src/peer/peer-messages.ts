import * as z from 'zod/mini';
import { parseSchema } from '../schema/parse-schema';

/** The version that a peer is asked for first. */
export const PEER_PROTOCOL_VERSION = 2;

/** All that are spoken; a peer of another version is refused. */
export const PEER_PROTOCOL_VERSIONS = [PEER_PROTOCOL_VERSION, 1] as const;

const count = z.int().check(z.minimum(0));
const positive = z.int().check(z.minimum(1));
const path = z.string();
const family = z.enum(['forest', 'cnn']);
const nothing = z.object({});

const sizes = z.object({
  inputHeight: positive,
  inputWidth: positive,
  classNames: z.array(z.string()),
  seed: count,
});

/** `network` is a description as the contract has it; null for a forest. */
const spec = z.extend(sizes, { network: z.nullable(z.record(z.string(), z.unknown())) });

const specOfVersion1 = z.extend(sizes, {
  architecture: z.nullable(
    z.object({
      channels: z.tuple([positive, positive, positive]),
      hiddenUnits: positive,
      dropoutRate: z.number(),
    }),
  ),
});

/** [count × height × width × 3] bytes at `offset` of the file `path`. */
const pixels = z.object({ path, offset: count, count });

const sgd = z.object({
  kind: z.literal('sgd'),
  momentum: z.number(),
  nesterov: z.boolean(),
  weightDecay: z.number(),
});

const adamFamily = z.object({
  kind: z.enum(['adam', 'adamW']),
  betas: z.tuple([z.number(), z.number()]),
  epsilon: z.number(),
  weightDecay: z.number(),
});

/** A file for each dropout node, by its name. */
const masks = z.record(z.string(), path);

/** What decides an epoch, as raw arrays; null for a forest, which draws by its seed. */
const plan = z.object({
  order: path,
  flips: path,
  masks,
  learningRates: path,
  batchSize: positive,
  optimizer: z.discriminatedUnion('kind', [sgd, adamFamily]),
  gradientClipping: z.nullable(z.number()),
  labelSmoothing: z.number(),
  rateFactors: z.optional(z.record(z.string(), z.number())),
});

const planOfVersion1 = z.object({
  order: path,
  flips: path,
  masks: path,
  batchSize: positive,
  adam: z.object({
    learningRate: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
  }),
  restart: z.boolean(),
});

/** The engine that it is said of; all where it is left out. */
const engine = z.optional(z.string());

const backend = z.discriminatedUnion('available', [
  z.object({
    engine,
    name: z.string(),
    available: z.literal(true),
    device: z.string(),
    versions: z.record(z.string(), z.string()),
    computedBy: z.optional(z.array(z.object({ part: z.string(), what: z.string() }))),
  }),
  z.object({
    engine,
    name: z.string(),
    available: z.literal(false),
    reason: z.string(),
    remedy: z.optional(z.string()),
  }),
]);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Parameters and answer of each method, by its name. */
export const PEER_METHODS = {
  describe: {
    params: z.object({ protocolVersion: z.literal(PEER_PROTOCOL_VERSIONS) }),
    result: z.object({
      protocolVersion: z.literal(PEER_PROTOCOL_VERSIONS),
      id: z.string(),
      displayName: z.string(),
      family,
      backends: z.array(backend).check(z.minLength(1)),
    }),
  },
  create: {
    params: z.object({
      spec: z.union([spec, specOfVersion1]),
      engine,
      backend: z.string(),
      threads: z.nullable(positive),
      weights: z.nullable(path),
      model: z.nullable(path),
    }),
    result: nothing,
  },
  train: {
    params: z.object({
      pixels,
      labels: path,
      plan: z.nullable(z.union([plan, planOfVersion1])),
      stopFile: path,
    }),
    result: z.object({
      completed: count,
      trainSeconds: z.number().check(z.minimum(0)),
      details: z.record(z.string(), scalar),
      notes: z.array(z.string()),
    }),
  },
  gradients: {
    params: z.object({
      pixels,
      labels: path,
      masks: z.union([masks, path]),
      labelSmoothing: z.number(),
      output: path,
    }),
    result: z.object({ loss: z.nullable(z.number()) }),
  },
  predict: {
    params: z.object({ pixels, kind: z.enum(['probabilities', 'logits']), output: path }),
    result: z.object({ count }),
  },
  save: { params: z.object({ directory: path }), result: nothing },
  usage: {
    params: nothing,
    result: z.object({
      cpuSeconds: z.number().check(z.minimum(0)),
      peakRssBytes: z.number().check(z.minimum(0)),
    }),
  },
  dispose: { params: nothing, result: nothing },
} as const;

export type PeerMethod = keyof typeof PEER_METHODS;
export type PeerParams<M extends PeerMethod> = z.infer<(typeof PEER_METHODS)[M]['params']>;
export type PeerAnswer<M extends PeerMethod> = z.infer<(typeof PEER_METHODS)[M]['result']>;

const progress = z.object({
  event: z.literal('progress'),
  completed: count,
  total: z.optional(count),
  loss: z.optional(z.nullable(z.number())),
  gradientNorm: z.optional(z.nullable(z.number())),
});

export type PeerProgress = z.infer<typeof progress>;

const message = z.union([
  z.extend(progress, { id: count }),
  z.object({ id: count, event: z.literal('alive') }),
  z.object({ id: count, result: z.record(z.string(), z.unknown()) }),
  z.object({ id: count, error: z.object({ code: z.string(), message: z.string() }) }),
]);

export type PeerMessage = z.infer<typeof message>;

/** The message on one line of a peer's output, or why it is none. */
export function parsePeerLine(line: string): { message: PeerMessage } | { fault: string } {
  try {
    const parsed = parseSchema(message, JSON.parse(line));
    return 'value' in parsed ? { message: parsed.value } : parsed;
  } catch {
    return { fault: 'it is not JSON' };
  }
}

/** The answer to `method`, or why it is none. */
export function parsePeerAnswer<M extends PeerMethod>(
  method: M,
  result: unknown,
): { answer: PeerAnswer<M> } | { fault: string } {
  const parsed = parseSchema(PEER_METHODS[method].result, result);
  return 'value' in parsed ? { answer: parsed.value as PeerAnswer<M> } : parsed;
}

/** JSON Schema of every line of the protocol, for those who write a peer. */
export function peerProtocolJsonSchema(): Record<string, unknown> {
  const methods = Object.entries(PEER_METHODS).map(([name, { params, result }]) => [
    name,
    { params: jsonSchema(params), result: jsonSchema(result) },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'dlcmp peer protocol',
    description: 'A line that a peer writes; $defs.methods has what it is asked and answers.',
    version: PEER_PROTOCOL_VERSION,
    $defs: { methods: Object.fromEntries(methods) },
    ...jsonSchema(message),
  };
}

/** Fields that a later version may add are let through. */
function jsonSchema(schema: z.core.$ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
