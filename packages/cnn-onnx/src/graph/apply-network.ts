import { assertArgument } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';
import type {
  AppliedLayer,
  DropoutMask,
  Layer,
  LayerGradients,
  LayerList,
  SampleShape,
} from './layer';

/** A network in the graph: its output, and a way to add its gradient. */
export interface AppliedNetwork {
  readonly output: Value;
  /** In training: what replaces each value of {@link Network.stateShapes} after this batch. */
  readonly nextState: Readonly<Record<string, Value>>;
  /** Adds the gradient of each weight, given that of the output; that of the input when asked. */
  backward(outputGradient: Value): LayerGradients;
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Layers one after the other, from an input of a known shape. */
export interface Network {
  /** Without blocks: each layer with the shape of its input. */
  readonly layers: readonly { readonly layer: Layer; readonly inputShape: SampleShape }[];
  readonly inputShape: SampleShape;
  readonly outputShape: SampleShape;
  /** Shape of each weight, in the layers' order. */
  readonly weightShapes: Shapes;
  /** Shape of each value that training keeps without a gradient, such as running means. */
  readonly stateShapes: Shapes;
  /** Masks that training feeds, by the name of their input. */
  readonly masks: Readonly<Record<string, DropoutMask>>;
  /** Adds the network to `graph`. */
  apply(graph: GraphBuilder, input: Value, training: boolean): AppliedNetwork;
}

/**
 * A network of `layers`, each fed by the one before it.
 *
 * @param inputShape shape of one input without the batch, e.g. [3, height, width]
 * @throws `INVALID_ARGUMENT` where a layer does not fit the one before it, or two weights or masks
 *   have one name
 */
export function sequential(inputShape: SampleShape, layers: LayerList): Network {
  const placed: { layer: Layer; inputShape: SampleShape }[] = [];
  const [weightShapes, stateShapes] = [{}, {}];
  const masks: Record<string, DropoutMask> = {};
  let shape = inputShape;
  for (const layer of flattenBlocks(layers)) {
    const outputShape = layer.outputShape(shape);
    addNamed(weightShapes, layer.weightShapes(shape));
    addNamed(stateShapes, layer.stateShapes?.(shape));
    addNamed(masks, layer.masks?.(shape));
    placed.push({ layer, inputShape: shape });
    shape = outputShape;
  }
  assertArgument(placed.length > 0, 'A network needs at least one layer.');
  const plain = placed.map(({ layer }) => layer);
  return {
    layers: placed,
    inputShape,
    outputShape: shape,
    weightShapes,
    stateShapes,
    masks,
    apply: (graph, input, training) =>
      applyLayers(graph, input, training, inputShape, training ? poolEarly(plain) : plain),
  };
}

function flattenBlocks(layers: LayerList): Layer[] {
  return layers.flatMap((item) => (Array.isArray(item) ? flattenBlocks(item) : [item as Layer]));
}

function addNamed<Item>(all: Record<string, Item>, more: Readonly<Record<string, Item>> = {}) {
  for (const [name, item] of Object.entries(more)) {
    assertArgument(!(name in all), `Two layers have a "${name}". Give each a name of its own.`);
    all[name] = item;
  }
}

function applyLayers(
  graph: GraphBuilder,
  input: Value,
  training: boolean,
  inputShape: SampleShape,
  layers: readonly Layer[],
): AppliedNetwork {
  const applied: AppliedLayer[] = [];
  let output = input;
  let shape = inputShape;
  for (const layer of layers) {
    const next = layer.apply(output, { graph, training, inputShape: shape });
    applied.push(next);
    output = next.output;
    shape = layer.outputShape(shape);
  }
  const nextState = Object.assign({}, ...applied.map((layer) => layer.nextState));
  return { output, nextState, backward: (gradient) => chainRule(applied, gradient) };
}

/** Walks back from the last layer; whether the first one's input has a gradient is the caller's wish. */
function chainRule(applied: readonly AppliedLayer[], outputGradient: Value): LayerGradients {
  const gradients: Record<string, Value> = {};
  let gradient = () => outputGradient;
  for (const layer of applied.toReversed()) {
    const { weights, input } = layer.backward(gradient());
    Object.assign(gradients, weights);
    gradient = input;
  }
  return { weights: gradients, input: gradient };
}

/**
 * Moves each max-pooling before the monotone layers that it follows: max(relu(x + b)) is
 * relu(max(x) + b), and pooling first leaves a quarter of the values to the others and to their
 * gradients. For inference the order stays, since runtimes fuse bias and ReLU into the convolution.
 */
function poolEarly(layers: readonly Layer[]): Layer[] {
  const ordered: Layer[] = [];
  for (const layer of layers) {
    let position = ordered.length;
    if (layer.poolsMaximum) while (ordered[position - 1]?.monotone) position--;
    ordered.splice(position, 0, layer);
  }
  return ordered;
}
