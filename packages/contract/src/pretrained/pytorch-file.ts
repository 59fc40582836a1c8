import { DlcmpError } from '../errors';
import type { Weights, WeightTensor } from '../weights';
import { PickleFault } from './pickle-machine';
import { readPickle } from './read-pickle';
import {
  readTensor,
  type Storage,
  StoredTensor,
  storageOf,
  TENSOR_GLOBALS,
  VALUE_BYTES,
} from './stored-tensor';
import { storedFiles } from './stored-zip';

/** First value of a file that `torch.save` wrote before PyTorch 1.6. */
const LEGACY_MARK = '1950a86a20f9469cfc6c';

/**
 * The float32 tensors of a state dict that `torch.save` wrote, in PyTorch's format of today (a zip archive) or of before
 * 1.6. The pickle in it is read as data and never run. Counters and other whole numbers are left out.
 *
 * @param bytes the file's
 * @param path for messages
 * @throws `INVALID_FILE` where it holds anything but tensors by name, naming what that is
 */
export function decodePyTorchFile(bytes: Buffer, path: string): Weights {
  try {
    const { state, contents } =
      bytes.toString('latin1', 0, 2) === ZIP_MARK ? readZip(bytes) : readLegacy(bytes);
    return toWeights(state, contents);
  } catch (cause) {
    if (!(cause instanceof PickleFault)) throw cause;
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be read as weights that PyTorch saved: ${cause.message}. Save the model's state_dict() by torch.save, or as safetensors.`,
      { cause },
    );
  }
}

const ZIP_MARK = 'PK';

interface SavedState {
  readonly state: unknown;
  /** The bytes of a storage. */
  readonly contents: (storage: Storage) => Buffer;
}

function readZip(bytes: Buffer): SavedState {
  const files = storedFiles(bytes);
  if (typeof files === 'string') throw new PickleFault(files);
  const pickle = [...files].find(([name]) => name.endsWith('/data.pkl'));
  if (!pickle) throw new PickleFault('the archive holds no data.pkl');
  const folder = pickle[0].slice(0, -'data.pkl'.length);
  if (files.get(`${folder}byteorder`)?.toString() === 'big')
    throw new PickleFault('its numbers are big-endian');
  const { value: state } = readPickle(pickle[1], 0, {
    globals: TENSOR_GLOBALS,
    persistent: storageOf,
  });
  const contents = ({ key }: Storage) => {
    const content = files.get(`${folder}data/${key}`);
    if (content) return content;
    throw new PickleFault(`the archive lacks data/${key}`);
  };
  return { state, contents };
}

/** Five pickles: mark, version, sizes, the object, keys of the storages; then each storage, its length before it. */
function readLegacy(bytes: Buffer): SavedState {
  const types = new Map<string, string>();
  const persistent = (id: unknown) => {
    const storage = storageOf(id);
    types.set(storage.key, storage.type);
    return storage;
  };
  let at = 0;
  const next = () => {
    const { value, end } = readPickle(bytes, at, { globals: TENSOR_GLOBALS, persistent });
    at = end;
    return value;
  };
  if (next() !== LEGACY_MARK) throw new PickleFault('it does not begin as torch.save begins');
  next();
  next();
  const state = next();
  const keys = next();
  if (!Array.isArray(keys)) throw new PickleFault('it lists no storages');
  const storages = new Map<string, Buffer>();
  for (const key of keys.map(String)) {
    if (at + 8 > bytes.length) throw new PickleFault('it is cut short');
    const length = Number(bytes.readBigUInt64LE(at)) * (VALUE_BYTES[types.get(key) ?? ''] ?? 0);
    at += 8;
    if (at + length > bytes.length) throw new PickleFault('it is cut short');
    storages.set(key, bytes.subarray(at, at + length));
    at += length;
  }
  return { state, contents: ({ key }) => storages.get(key) ?? Buffer.alloc(0) };
}

/** Names by which a file may hold its state dict beside other things, such as an optimiser's. */
const STATE_KEYS = ['state_dict', 'model_state_dict', 'model'];

/** Types of whole numbers, such as the batches that a batch norm has seen. */
const WHOLE_NUMBERS = ['Long', 'Int', 'Short', 'Char', 'Byte', 'Bool'].map(
  (name) => `${name}Storage`,
);

function toWeights(state: unknown, contents: SavedState['contents']): Weights {
  if (!(state instanceof Map)) throw new PickleFault('it holds no dictionary of tensors');
  const inner = STATE_KEYS.map((key) => state.get(key)).find((value) => value instanceof Map);
  const weights: Record<string, WeightTensor> = {};
  for (const [name, tensor] of (inner ?? state) as Map<unknown, unknown>) {
    if (!(tensor instanceof StoredTensor)) throw new PickleFault(`its entry ${name} is no tensor`);
    const { type } = tensor.storage;
    if (WHOLE_NUMBERS.includes(type)) continue;
    if (type !== 'FloatStorage')
      throw new PickleFault(`its tensor ${name} is of ${type}, and only float32 is supported`);
    weights[String(name)] = readTensor(tensor, contents(tensor.storage));
  }
  return weights;
}
