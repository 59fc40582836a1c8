import type { GraphBuilder, Value } from '../onnx/graph-builder';

/** Terms that one thread adds up one after the other: more, and ONNX Runtime turns the tensor round first. */
const LONGEST_SUM = 31;

/** Operations that several parts of the graphs are made of. */
export class DeviceGraph {
  readonly graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.graph = graph;
  }

  reshape(value: Value, ...shape: readonly number[]): Value {
    return this.graph.node('Reshape', [value, this.graph.integers(...shape)]);
  }

  transpose(value: Value, ...perm: readonly number[]): Value {
    return this.graph.node('Transpose', [value], { perm });
  }

  product(left: Value, right: Value): Value {
    return this.graph.node('MatMul', [left, right]);
  }

  multiply(left: Value, right: Value): Value {
    return this.graph.node('Mul', [left, right]);
  }

  add(left: Value, right: Value): Value {
    return this.graph.node('Add', [left, right]);
  }

  /** 1 where `left` is greater, else 0. */
  greater(left: Value, right: Value): Value {
    return this.graph.cast(this.graph.node('Greater', [left, right]), 'float32');
  }

  /** A part along one axis. */
  slice(value: Value, axis: number, start: number, end: number): Value {
    const bounds = [start, end, axis].map((number) => this.graph.integers(number));
    return this.graph.node('Slice', [value, ...bounds]);
  }

  /**
   * Σ over the first axis of [length, width], a few terms at a time, so that many threads share the work.
   *
   * @returns [width]
   */
  sum(value: Value, length: number, width: number): Value {
    let [sums, left] = [value, length];
    while (left > 1) {
      const terms = largestDivisor(left, LONGEST_SUM);
      left /= terms;
      const grouped = this.reshape(sums, left, terms, width);
      sums = this.graph.node('ReduceSum', [grouped, this.graph.integers(1)], { keepdims: 0 });
    }
    return this.reshape(sums, width);
  }
}

/** Largest divisor of `number` up to `limit`; `number` itself where it has none but 1. */
function largestDivisor(number: number, limit: number): number {
  for (let divisor = Math.min(number, limit); divisor > 1; divisor--) {
    if (number % divisor === 0) return divisor;
  }
  return number;
}
