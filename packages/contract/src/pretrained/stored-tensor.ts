import { elementCount, type WeightTensor } from '../weights';
import { Global, PickleFault, type PickleGlobals } from './pickle-machine';

/** The memory that tensors are views of. */
export interface Storage {
  /** PyTorch's name, such as `FloatStorage`. */
  readonly type: string;
  readonly key: string;
}

/** A tensor as the pickle describes it: values of its storage, `strides` apart. */
export class StoredTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** Bytes of a value, by the storage's type. */
export const VALUE_BYTES: Readonly<Record<string, number>> = {
  ...{ FloatStorage: 4, DoubleStorage: 8, HalfStorage: 2, BFloat16Storage: 2 },
  ...{ LongStorage: 8, IntStorage: 4, ShortStorage: 2, CharStorage: 1, ByteStorage: 1 },
  BoolStorage: 1,
};

export const TENSOR_GLOBALS: PickleGlobals = {
  'collections OrderedDict': () => new Map(),
  'torch._utils _rebuild_tensor_v2': (args) => rebuildTensor(args),
  'torch._utils _rebuild_parameter': ([tensor]) => tensor,
  ...Object.fromEntries(
    Object.keys(VALUE_BYTES).map((type) => [`torch ${type}`, () => refuseCall(type)]),
  ),
};

/** Names of the storages' types are read, never called. */
function refuseCall(type: string): never {
  throw new PickleFault(`its pickle calls torch.${type}`);
}

/** `('storage', type, key, device, values)`: what a pickle of PyTorch refers to. */
export function storageOf(id: unknown): Storage {
  const [kind, type, key] = Array.isArray(id) ? id : [];
  if (kind !== 'storage' || !(type instanceof Global))
    throw new PickleFault('its pickle refers to something else than storages');
  return { type: type.name.replace('torch ', ''), key: String(key) };
}

/** `(storage, offset, shape, strides, …)` */
function rebuildTensor([storage, offset, shape, strides]: readonly unknown[]): StoredTensor {
  const lengths = [offset, ...[shape, strides].flat()];
  const isWhole = lengths.every((length) => Number.isSafeInteger(length) && Number(length) >= 0);
  if (!isWhole || !Array.isArray(shape) || !Array.isArray(strides))
    throw new PickleFault('a tensor of it has no shape');
  return new StoredTensor(storage as Storage, offset as number, shape, strides);
}

/**
 * The values of a float32 tensor in the order of its shape, whatever its strides.
 *
 * @param content of its storage
 * @throws {@link PickleFault} where it reaches beyond its storage
 */
export function readTensor(
  { offset, shape, strides }: StoredTensor,
  content: Buffer,
): WeightTensor {
  const count = elementCount(shape);
  const last = shape.reduce(
    (sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0),
    offset,
  );
  if (count > 0 && (last + 1) * FLOAT_BYTES > content.length)
    throw new PickleFault('a tensor of it reaches beyond its values');
  const data = new Float32Array(count);
  const position = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    data[to] = content.readFloatLE(from * FLOAT_BYTES);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      (position[axis] as number)++;
      if (position[axis] !== shape[axis]) break;
      from -= (position[axis] as number) * (strides[axis] as number);
      position[axis] = 0;
    }
  }
  return { shape, data };
}

const FLOAT_BYTES = 4;
