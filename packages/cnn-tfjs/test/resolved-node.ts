import { NODE_TYPES, type NodeType, type ResolvedNode, type SampleShape } from '@dlcmp/contract';

/** A node of any type on inputs of any shapes, [channels, height, width] or [units], with its options' defaults. */
export function resolvedNode(
  type: NodeType,
  inputShapes: readonly SampleShape[],
  given: Readonly<Record<string, unknown>> = {},
): ResolvedNode {
  const row = NODE_TYPES[type];
  const defaults = Object.entries(row.options ?? {}).map(([name, option]) => [
    name,
    option.default,
  ]);
  const options = { ...Object.fromEntries(defaults), ...given };
  const name = 'node';
  const shapes = row.shapes({ label: name, name, options, inputShapes, classCount: 2 });
  const { outputShape, window } = shapes;
  const inputs = inputShapes.map((_, index) => `input${index}`);
  const node = { name, type, inputs, options, inputShapes, outputShape };
  return window ? { ...node, window } : node;
}
