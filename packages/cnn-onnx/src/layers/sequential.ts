import type { GraphBuilder, Value } from '../onnx/graph-builder';
import type { AppliedLayer, Layer, SampleShape } from './layer';

/** A network in the graph: its output, and a way to add its gradient. */
export interface AppliedNetwork {
  readonly output: Value;
  /** Adds the gradient of each weight, given that of the output. */
  backward(outputGradient: Value): Readonly<Record<string, Value>>;
}

/** Layers one after the other, from an input of a known shape. */
export interface Network {
  readonly inputShape: SampleShape;
  readonly outputShape: SampleShape;
  /** Shape of each weight, in the layers' order. */
  readonly weightShapes: Readonly<Record<string, readonly number[]>>;
  /** Adds the network to `graph`. */
  apply(graph: GraphBuilder, input: Value, training: boolean): AppliedNetwork;
}

/**
 * A network of `layers`, each fed by the one before it.
 *
 * @param inputShape shape of one input without the batch, e.g. [3, height, width]
 */
export function sequential(inputShape: SampleShape, layers: readonly Layer[]): Network {
  const weightShapes: Record<string, readonly number[]> = {};
  let outputShape = inputShape;
  for (const layer of layers) {
    Object.assign(weightShapes, layer.weightShapes(outputShape));
    outputShape = layer.outputShape(outputShape);
  }
  return {
    inputShape,
    outputShape,
    weightShapes,
    apply: (graph, input, training) =>
      applyLayers(graph, input, training, inputShape, training ? poolEarly(layers) : layers),
  };
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
  return { output, backward: (outputGradient) => chainRule(applied, outputGradient) };
}

/** Walks back from the last layer; the first one's input is no weight, so nobody asks for it. */
function chainRule(applied: readonly AppliedLayer[], outputGradient: Value): Record<string, Value> {
  const gradients: Record<string, Value> = {};
  let gradient = () => outputGradient;
  for (const layer of applied.toReversed()) {
    const { weights, input } = layer.backward(gradient());
    Object.assign(gradients, weights);
    gradient = input;
  }
  return gradients;
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
