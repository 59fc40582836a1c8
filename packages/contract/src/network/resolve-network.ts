import { assertArgument } from '../errors';
import { CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION, type ImageSize } from '../images';
import { elementCount } from '../weights';
import { IMAGE, type NetworkDescription, type NodeType } from './network-description';
import { NODE_TYPES, type NodeShapes, type NodeTypeRow } from './node-types';
import { readOptions } from './option-types';
import type { SampleShape, Window } from './window';

/** A node with everything worked out: its options with their defaults, its shapes, its weights' full names. */
export interface ResolvedNode {
  readonly name: string;
  readonly type: NodeType;
  /** Names of the nodes it reads, or `image`. */
  readonly inputs: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShapes: readonly SampleShape[];
  readonly outputShape: SampleShape;
  /** Of convolutions and pools. */
  readonly window?: Window;
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** What a dropout node leaves out in training. */
export interface MaskShape {
  /** Of one image's mask. */
  readonly shape: SampleShape;
  /** Probability of being left out, 0 ≤ rate < 1. */
  readonly rate: number;
}

/** A network for images of one size and a number of classes: what engines build. */
export interface Network extends ImageSize {
  readonly description: NetworkDescription;
  readonly classCount: number;
  readonly normalisation: Required<NetworkDescription>['normalisation'];
  /** Each after those that it reads; the last one's output are the logits. */
  readonly nodes: readonly ResolvedNode[];
  /** Shape of each weight, in the nodes' order. */
  readonly weightShapes: Shapes;
  /** Shape of each value that training keeps up to date without a gradient, such as running means. */
  readonly stateShapes: Shapes;
  /** By the dropout node's name. */
  readonly masks: Readonly<Record<string, MaskShape>>;
}

/**
 * The network of `description` for images of `size` and `classCount` classes.
 *
 * @throws `INVALID_ARGUMENT` naming the node that is unknown, out of order, unread or does not fit
 */
export function resolveNetwork(
  description: NetworkDescription,
  { inputHeight, inputWidth }: ImageSize,
  classCount: number,
): Network {
  assertDescription(description);
  const { features } = description;
  const shapes = new Map<string, SampleShape>([[IMAGE, features ?? [3, inputHeight, inputWidth]]]);
  const nodes: ResolvedNode[] = [];
  const weightShapes: Record<string, readonly number[]> = {};
  const stateShapes: Record<string, readonly number[]> = {};
  const masks: Record<string, MaskShape> = {};
  for (const given of description.nodes as readonly GivenNode[]) {
    const { node, more } = resolveNode(given, nodes, shapes, classCount);
    nodes.push(node);
    shapes.set(node.name, node.outputShape);
    Object.assign(weightShapes, prefixed(node.name, more.weights));
    Object.assign(stateShapes, prefixed(node.name, more.state));
    if (more.dropoutRate !== undefined)
      masks[node.name] = { shape: node.outputShape, rate: more.dropoutRate };
  }
  assertEveryNodeRead(nodes);
  assertLogits(nodes.at(-1) as ResolvedNode, classCount);
  const { normalisation = IMAGENET } = description;
  return {
    ...{ description, inputHeight, inputWidth, classCount, normalisation, nodes },
    ...{ weightShapes, stateShapes, masks },
    ...(features && { features }),
  };
}

function prefixed(node: string, shapes: Shapes = {}): Shapes {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [`${node}.${name}`, shape]),
  );
}

/** Values in all weights of `network`, state not counted. */
export function weightCount({ weightShapes }: Network): number {
  return Object.values(weightShapes).reduce((sum, shape) => sum + elementCount(shape), 0);
}

const IMAGENET = { mean: CHANNEL_MEAN, standardDeviation: CHANNEL_STANDARD_DEVIATION };

interface GivenNode {
  readonly type: NodeType;
  readonly name?: string;
  readonly inputs?: readonly string[];
  readonly [option: string]: unknown;
}

/** Letters, digits, `_`, `-`, and `.` between them: what every framework takes as a weight's name. */
const NAME = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

function resolveNode(
  { type, name: givenName, inputs: givenInputs, ...options }: GivenNode,
  before: readonly ResolvedNode[],
  shapes: ReadonlyMap<string, SampleShape>,
  classCount: number,
): { node: ResolvedNode; more: NodeShapes } {
  const row = rowOf(type, before.length);
  assertArgument(
    givenName !== undefined || row.named !== true,
    `The ${type} at position ${before.length + 1} needs a name: its weights or its mask are called by it.`,
  );
  const name = givenName ?? `${type}${before.length + 1}`;
  const label = `${type} "${name}"`;
  assertArgument(
    typeof name === 'string' && NAME.test(name),
    `${label}: a name is made of letters, digits, "_" and "-", and "." between them.`,
  );
  assertArgument(!shapes.has(name), `Two nodes are called "${name}". Give each a name of its own.`);
  const inputs = givenInputs ?? [before.at(-1)?.name ?? IMAGE];
  assertInputs(label, row, inputs, shapes);
  const inputShapes = inputs.map((input) => shapes.get(input) as SampleShape);
  const resolved = readOptions(label, row.options ?? {}, options);
  const facts = { label, name, options: resolved, inputShapes, classCount };
  const more = row.shapes(facts);
  const { outputShape, window } = more;
  const node = { name, type, inputs, options: resolved, inputShapes, outputShape };
  return { node: window ? { ...node, window } : node, more };
}

function rowOf(type: NodeType, position: number): NodeTypeRow {
  const row = Object.hasOwn(NODE_TYPES, type) ? NODE_TYPES[type] : undefined;
  assertArgument(
    row !== undefined,
    `Node ${position + 1} has the type ${JSON.stringify(type)}, which does not exist. There are: ${Object.keys(NODE_TYPES).join(', ')}.`,
  );
  return row;
}

function assertInputs(
  label: string,
  { inputs: wanted }: NodeTypeRow,
  inputs: readonly string[],
  shapes: ReadonlyMap<string, SampleShape>,
): void {
  assertArgument(
    Array.isArray(inputs) && inputs.every((input) => typeof input === 'string'),
    `${label}: inputs must be a list of nodes' names.`,
  );
  const fits =
    wanted === undefined
      ? inputs.length === 1
      : wanted === 'two'
        ? inputs.length === 2
        : inputs.length >= 2;
  assertArgument(
    fits,
    `${label} takes ${wanted ?? 'one'} input${wanted === undefined ? '' : 's'}, not ${inputs.length}.`,
  );
  const missing = inputs.find((input) => !shapes.has(input));
  assertArgument(
    missing === undefined,
    `${label} reads "${missing}", which no node before it is called. Put each node after those that it reads; the network's input is "${IMAGE}".`,
  );
}

function assertDescription(description: NetworkDescription): void {
  assertArgument(
    typeof description === 'object' && description !== null,
    'A network description must be an object { schemaVersion, name, nodes }.',
  );
  const { schemaVersion, name, nodes, normalisation, features, ...unknown } = description;
  assertArgument(
    schemaVersion === 1,
    `A network description of schemaVersion ${JSON.stringify(schemaVersion)} cannot be read: this version of dlcmp reads 1.`,
  );
  const [other] = Object.keys(unknown);
  assertArgument(
    other === undefined,
    `A network description has no "${other}". It has schemaVersion, name, normalisation, features and nodes.`,
  );
  assertArgument(
    typeof name === 'string' && name.length > 0,
    'A network description needs a name, for tables.',
  );
  assertArgument(
    Array.isArray(nodes) &&
      nodes.length > 0 &&
      nodes.every((node) => typeof node === 'object' && node !== null),
    `The network "${name}" needs nodes: a list of { type, … }.`,
  );
  assertNormalisation(normalisation);
  assertFeatures(features);
}

function assertNormalisation(normalisation: NetworkDescription['normalisation']): void {
  if (normalisation === undefined) return;
  const { mean, standardDeviation } = normalisation;
  const isTriple = (values: unknown) =>
    Array.isArray(values) && values.length === 3 && values.every(Number.isFinite);
  assertArgument(
    isTriple(mean) && isTriple(standardDeviation) && standardDeviation.every((value) => value > 0),
    'normalisation must hold mean and standardDeviation, three numbers each; deviations above 0.',
  );
}

function assertFeatures(features: NetworkDescription['features']): void {
  if (features === undefined) return;
  assertArgument(
    Array.isArray(features) &&
      (features.length === 1 || features.length === 3) &&
      features.every((length) => Number.isInteger(length) && length >= 1),
    'features must be a shape: [values], or [channels, height, width].',
  );
}

function assertEveryNodeRead(nodes: readonly ResolvedNode[]): void {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const unread = nodes.slice(0, -1).find(({ name }) => !read.has(name));
  assertArgument(
    unread === undefined,
    `No node reads ${unread?.type} "${unread?.name}". Name it among another node's inputs, or leave it out; the network's output is its last node.`,
  );
  assertArgument(
    read.has(IMAGE),
    `No node reads the network's input, "${IMAGE}". Name it among the first node's inputs.`,
  );
}

function assertLogits({ type, name, outputShape }: ResolvedNode, classCount: number): void {
  assertArgument(
    outputShape.length === 1 && outputShape[0] === classCount,
    `The network ends with ${type} "${name}", which puts out [${outputShape.join(', ')}], but there are ${classCount} classes. End with a dense node of units: "classes".`,
  );
}
