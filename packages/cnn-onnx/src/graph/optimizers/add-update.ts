import type { OptimizerSpec, UpdateSettings } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import type { WeightGradient } from '../apply-network';
import { nextName } from '../value-names';
import { addAdam } from './adam';
import { clipGradients } from './clip-gradients';
import { addSgd } from './sgd';
import { rateFactorsOf } from './step-factors';
import type { AddUpdate } from './weight-update';

/** What a step's graph is made for: all of a step's settings but its learning rate. */
export type UpdateRules = Omit<UpdateSettings, 'learningRate'>;

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Shapes of what an optimiser remembers of weights of `shapes`, zeros at first, by names such as `conv1.weight.mean`. */
export function momentShapes(spec: OptimizerSpec, shapes: Shapes): Shapes {
  return Object.fromEntries(
    Object.entries(shapes).flatMap(([weight, shape]) =>
      momentNames(spec, weight).map((name) => [name, shape]),
    ),
  );
}

function momentNames(spec: OptimizerSpec, weight: string): readonly string[] {
  return momentKinds(spec).map((kind) => momentName(weight, kind));
}

/** What an optimiser remembers of each weight. */
export function momentKinds(spec: OptimizerSpec): readonly string[] {
  if (spec.kind === 'sgd') return spec.momentum > 0 ? ['momentum'] : [];
  return ['mean', 'variance'];
}

/** Name of a moment of `weight`. */
export function momentName(weight: string, kind: string): string {
  return `${weight}.${kind}`;
}

/**
 * Adds an optimiser's update of all weights, and its outputs.
 *
 * @returns the gradients' norm, where they are clipped
 */
export function addUpdate(
  graph: GraphBuilder,
  shapes: Shapes,
  gradients: Readonly<Record<string, WeightGradient>>,
  rules: UpdateRules,
): Value | undefined {
  const { optimizer, gradientClipping, rateFactors = {} } = rules;
  const updates = new Map(
    rateFactorsOf(Object.keys(shapes), rules).map((factor) => [
      factor,
      optimizer.kind === 'sgd'
        ? addSgd(graph, optimizer, factor)
        : addAdam(graph, optimizer, factor),
    ]),
  );
  const { clip, norm } = clipGradients(graph, shapes, gradients, gradientClipping);
  for (const [weight, shape] of Object.entries(shapes)) {
    const { gradient, readers } = gradients[weight] as WeightGradient;
    const moments = momentNames(optimizer, weight).map((name) =>
      graph.input(name, 'float32', shape),
    );
    const afterReaders = (scalar: Value) => after(graph, scalar, readers);
    const axes = shape.map(() => 1);
    const spread = (scalar: Value) => graph.reshape(scalar, ...axes);
    const clipped = clip(gradient, spread);
    const update = updates.get(rateFactors[weight] ?? 1) as AddUpdate;
    const next = update({ weight, gradient: clipped, moments, afterReaders, spread });
    const moved = graph.node('Sub', [next.from, next.delta]);
    graph.output(nextName(weight), moved, 'float32', shape);
    for (const [index, moment] of moments.entries()) {
      graph.output(nextName(moment), next.moments[index] as Value, 'float32', shape);
    }
  }
  return norm;
}

/** `scalar`, computed after `others`: 0 is added, worked out from the first element of each. */
function after(graph: GraphBuilder, scalar: Value, others: readonly Value[]): Value {
  return others.reduce((sum, other) => {
    const row = graph.node('Flatten', [other], { axis: 0 });
    const [start, end, axis] = [0, 1, 1].map((value) => graph.integers(value));
    const first = graph.node('Slice', [row, start as Value, end as Value, axis as Value]);
    const element = graph.reshape(first);
    const zero = graph.cast(graph.node('Greater', [element, element]), 'float32');
    return graph.node('Add', [sum, zero]);
  }, scalar);
}
