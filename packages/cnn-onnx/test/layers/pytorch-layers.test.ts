import { describe, expect, it } from '@jest/globals';
import { createLayer, type LayerDescription } from '../../src/layers';
import { GraphBuilder } from '../../src/onnx/graph-builder';
import { readFixture } from '../fixtures/read-fixture';
import { relativeError } from '../relative-error';
import { floatTensor, ROUNDING, runGraph, runLayer } from './layer-check';

type Tensors = Readonly<Record<string, readonly number[]>>;

interface RecordedLayer {
  readonly description: LayerDescription;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly values: Tensors;
  readonly upstream: readonly number[];
  readonly inference: readonly number[];
  readonly output: readonly number[];
  readonly gradients: Tensors;
  readonly nextState: Tensors;
}

/** Relative errors by name; a name that one side lacks is an infinite one. */
function errors(actual: Readonly<Record<string, ArrayLike<number>>>, expected: Tensors) {
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].map((name) => relativeError(actual[name] ?? [], expected[name] ?? []));
}

describe.each(readFixture<RecordedLayer>('layers'))('$description', (recorded) => {
  const { description, inputShape, values, upstream } = recorded;
  const layer = createLayer(description);

  it('trains as PyTorch does', async () => {
    expect(layer.outputShape(inputShape)).toEqual(recorded.outputShape);
    const actual = await runLayer({ layer, inputShape, values, upstream });
    expect(relativeError(actual.output, recorded.output)).toBeLessThan(ROUNDING);
    expect(Math.max(...errors(actual.gradients, recorded.gradients))).toBeLessThan(ROUNDING);
    expect(Math.max(0, ...errors(actual.nextState, recorded.nextState))).toBeLessThan(ROUNDING);
  });

  it('infers as PyTorch does', async () => {
    const batch = recorded.output.length / layer.outputShape(inputShape).reduce((a, b) => a * b);
    const shapes: Record<string, readonly number[]> = {
      input: [batch, ...inputShape],
      ...layer.weightShapes(inputShape),
      ...layer.stateShapes?.(inputShape),
    };
    const graph = new GraphBuilder();
    for (const [name, shape] of Object.entries(shapes)) graph.input(name, 'float32', shape);
    const { output } = layer.apply('input', { graph, training: false, inputShape });
    graph.output('output', output, 'float32', [batch, ...recorded.outputShape]);
    const feeds = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, floatTensor(values[name] ?? [], shape)]),
    );
    const actual = await runGraph(graph, feeds);
    expect(relativeError(actual.output ?? [], recorded.inference)).toBeLessThan(ROUNDING);
  });

  it('is made again from its description', () => {
    expect(createLayer(JSON.parse(JSON.stringify(layer.description))).description).toEqual(
      layer.description,
    );
  });
});
