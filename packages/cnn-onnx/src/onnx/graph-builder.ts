import {
  type AttributeProto,
  encodeModel,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './messages';

/** Name of a value that flows along the graph's edges. */
export type Value = string;

/** Lengths of a tensor's axes; a string is the name of a length that is known only when run. */
export type Shape = readonly (number | string)[];

/** Data types by the numbers that the ONNX specification gives them. */
const DATA_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;

export type DataType = keyof typeof DATA_TYPES;

const ATTRIBUTE_TYPES = { float: 1, integer: 2, string: 3, integers: 7 } as const;

/** Attributes of an operator: whole numbers, lists of them, text, or a number with a fraction. */
export type Attributes = Readonly<
  Record<string, number | readonly number[] | string | { readonly float: number }>
>;

/** Operators of ONNX (the empty name) and those that ONNX Runtime adds. */
export type Domain = '' | 'com.microsoft';

export interface NodeOptions {
  readonly domain?: Domain;
}

/** Opset 17 of March 2022: understood by every current runtime, and all that the graphs need. */
const OPSETS = [
  { domain: '', version: 17 },
  { domain: 'com.microsoft', version: 1 },
];
const IR_VERSION = 8;

/**
 * Builds an ONNX graph operator by operator. Every method that adds something returns the name of
 * its value, so that operators nest like function calls.
 */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  /** Public name of each value that is an output. */
  readonly #outputNames = new Map<Value, string>();

  /** A value that the caller feeds under `name`. */
  input(name: string, type: DataType, shape: Shape): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** A constant called `name`, which the runtime may lay out anew for speed. */
  initializer(
    name: string,
    shape: readonly number[],
    data: Float32Array | Int32Array | BigInt64Array,
  ): Value {
    this.#initializers.push({
      name,
      dims: shape,
      dataType: dataTypeOf(data),
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }

  /** A float32 constant; one number is a scalar, a list a tensor of `shape`. */
  float(values: number | readonly number[], shape: readonly number[] = []): Value {
    return this.initializer(this.#constantName(), shape, Float32Array.from([values].flat()));
  }

  /** A one-dimensional int64 constant, as shapes, axes and offsets are given. */
  integers(...values: readonly number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.initializer(this.#constantName(), [values.length], data);
  }

  /** An int32 constant of `shape`, as places in a tensor are given. */
  indices(values: Int32Array, shape: readonly number[]): Value {
    return this.initializer(this.#constantName(), shape, values);
  }

  /** `value` as another data type. */
  cast(value: Value, type: DataType): Value {
    return this.node('Cast', [value], { to: DATA_TYPES[type] });
  }

  /** `value` with other lengths of its axes; one of them may be -1, for what is left. */
  reshape(value: Value, ...lengths: readonly number[]): Value {
    return this.node('Reshape', [value, this.integers(...lengths)]);
  }

  /** An operator with one output. */
  node(
    opType: string,
    inputs: readonly Value[],
    attributes: Attributes = {},
    options: NodeOptions = {},
  ): Value {
    const [output] = this.nodeWithOutputs(1, opType, inputs, attributes, options);
    return output as Value;
  }

  /** An operator with `count` outputs. */
  nodeWithOutputs(
    count: number,
    opType: string,
    inputs: readonly Value[],
    attributes: Attributes = {},
    { domain = '' }: NodeOptions = {},
  ): Value[] {
    const name = `${opType}_${this.#nodes.length}`;
    const output = Array.from({ length: count }, (_, index) => `${name}:${index}`);
    const attribute = Object.entries(attributes).map(([key, value]) => toAttribute(key, value));
    this.#nodes.push({ name, opType, domain, input: inputs, output, attribute });
    return output;
  }

  /** Makes `value` an output of the graph, called `name`. */
  output(name: string, value: Value, type: DataType, shape: Shape): void {
    this.#outputNames.set(value, name);
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** The bytes of an `.onnx` file with this graph and `metadata`. */
  encode(graphName: string, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const publicName = (value: Value) => this.#outputNames.get(value) ?? value;
    return encodeModel({
      irVersion: IR_VERSION,
      producerName: 'dlcmp',
      opsetImport: OPSETS.filter(
        ({ domain }) => domain === '' || this.#nodes.some((node) => node.domain === domain),
      ),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: graphName,
        node: this.#nodes.map((node) => ({
          ...node,
          input: node.input.map(publicName),
          output: node.output.map(publicName),
        })),
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #constantName(): string {
    return `constant_${this.#initializers.length}`;
  }
}

function dataTypeOf(data: Float32Array | Int32Array | BigInt64Array): number {
  if (data instanceof Float32Array) return DATA_TYPES.float32;
  return data instanceof Int32Array ? DATA_TYPES.int32 : DATA_TYPES.int64;
}

function valueInfo(name: string, type: DataType, shape: Shape): ValueInfoProto {
  const dim = shape.map((length) =>
    typeof length === 'number' ? { dimValue: length } : { dimParam: length },
  );
  return { name, type: { tensorType: { elemType: DATA_TYPES[type], shape: { dim } } } };
}

function toAttribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPES.integer, i: value };
  if (typeof value === 'string') {
    return { name, type: ATTRIBUTE_TYPES.string, s: new TextEncoder().encode(value) };
  }
  if ('float' in value) return { name, type: ATTRIBUTE_TYPES.float, f: value.float };
  return { name, type: ATTRIBUTE_TYPES.integers, ints: value };
}
