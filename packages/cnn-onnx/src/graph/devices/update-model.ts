import { GraphBuilder } from '../../onnx/graph-builder';
import type { WeightGradient } from '../apply-network';
import { addUpdate, type UpdateRules } from '../optimizers/add-update';
import { gradientName, LOSS } from '../value-names';
import type { Shapes } from './graph-device';
import { addStepLog } from './step-log';

/**
 * An ONNX model of an optimiser's update. Inputs: segments of the weights, their gradients and moments, the numbers of the
 * step, its `loss`, and the log. Outputs: `….next` of segments, moments and the log; `gradientNorm` where gradients are
 * clipped. It treats values one by one, so it may write where it reads.
 */
export function buildUpdateModel(segmentShapes: Shapes, rules: UpdateRules): Uint8Array {
  const graph = new GraphBuilder();
  const gradients: Record<string, WeightGradient> = {};
  for (const [name, shape] of Object.entries(segmentShapes)) {
    graph.input(name, 'float32', shape);
    const gradient = graph.input(gradientName(name), 'float32', shape);
    gradients[name] = { gradient, readers: [] };
  }
  const norm = addUpdate(graph, segmentShapes, gradients, rules);
  addStepLog(graph, graph.input(LOSS, 'float32', []), norm);
  return graph.encode('update');
}
