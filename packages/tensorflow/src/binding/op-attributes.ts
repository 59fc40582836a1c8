import type { Pointer } from './c-functions';
import {
  TF_ATTR_BOOL,
  TF_ATTR_FLOAT,
  TF_ATTR_FUNC,
  TF_ATTR_INT,
  TF_ATTR_SHAPE,
  TF_ATTR_STRING,
  TF_ATTR_TYPE,
} from './data-types';
import { assertSucceeded, type NativeLibrary } from './native-library';

/** An attribute of an op, in the form in which tfjs-node's kernels give it. */
export interface OpAttribute {
  readonly name: string;
  /** One of the `TF_ATTR_*`; `value` may be an array of it. */
  readonly type: number;
  // biome-ignore lint/suspicious/noExplicitAny: what it may be depends on `type`.
  readonly value: any;
}

type SetAttribute = (
  library: NativeLibrary,
  op: Pointer,
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: each function knows its own.
  value: any,
) => void;

/** Functions by type: of one value, and of a list. */
const SETTERS: Readonly<Record<number, { one: SetAttribute; list?: SetAttribute }>> = {
  [TF_ATTR_STRING]: {
    one: ({ c }, op, name, value) => {
      const bytes = toBytes(value);
      c.TFE_OpSetAttrString(op, name, bytes, bytes.length);
    },
    list: ({ c, koffi }, op, name, values) => {
      const strings: Uint8Array[] = values.map(toBytes);
      const addresses = BigUint64Array.from(strings, (string) => koffi.address(string));
      const lengths = BigUint64Array.from(strings, ({ length }) => BigInt(length));
      c.TFE_OpSetAttrStringList(op, name, addresses, lengths, strings.length);
    },
  },
  [TF_ATTR_INT]: {
    one: ({ c }, op, name, value) => c.TFE_OpSetAttrInt(op, name, value),
    list: ({ c }, op, name, values) =>
      c.TFE_OpSetAttrIntList(op, name, BigInt64Array.from(values, BigInt), values.length),
  },
  [TF_ATTR_FLOAT]: {
    one: ({ c }, op, name, value) => c.TFE_OpSetAttrFloat(op, name, value),
    list: ({ c }, op, name, values) =>
      c.TFE_OpSetAttrFloatList(op, name, Float32Array.from(values), values.length),
  },
  [TF_ATTR_BOOL]: {
    one: ({ c }, op, name, value) => c.TFE_OpSetAttrBool(op, name, Number(value)),
    list: ({ c }, op, name, values) =>
      c.TFE_OpSetAttrBoolList(op, name, Uint8Array.from(values, Number), values.length),
  },
  [TF_ATTR_TYPE]: {
    one: ({ c }, op, name, value) => c.TFE_OpSetAttrType(op, name, value),
    list: ({ c }, op, name, values) =>
      c.TFE_OpSetAttrTypeList(op, name, Int32Array.from(values), values.length),
  },
  [TF_ATTR_SHAPE]: {
    one: setShape,
    list: setShape,
  },
  [TF_ATTR_FUNC]: {
    one: ({ c }, op, name, value) => {
      const bytes = toBytes(value);
      c.TFE_OpSetAttrFunctionName(op, name, bytes, bytes.length);
    },
  },
};

/** Sets one attribute of `op`. */
export function setAttribute(library: NativeLibrary, op: Pointer, attribute: OpAttribute): void {
  const { name, type, value } = attribute;
  const setters = SETTERS[type];
  const set = Array.isArray(value) ? setters?.list : setters?.one;
  if (!set) throw new Error(`The attribute ${name} has an unknown type, ${type}.`);
  set(library, op, name, value);
}

function setShape(library: NativeLibrary, op: Pointer, name: string, shape: number[]): void {
  const sizes = BigInt64Array.from(shape, BigInt);
  library.c.TFE_OpSetAttrShape(op, name, sizes, shape.length, library.status);
  assertSucceeded(library, `the attribute ${name}`);
}

function toBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
