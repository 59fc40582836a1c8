import { open, readFile } from 'node:fs/promises';
import { DlcmpError } from './errors';
import { elementCount, type Weights, type WeightTensor } from './weights';

/**
 * safetensors: 8 bytes little-endian header length, a JSON header padded with spaces to a multiple
 * of 8, then the tensors' bytes (https://huggingface.co/docs/safetensors). Only `F32` is read and
 * written; typed arrays here are little-endian, as on every platform Node.js runs on.
 */
interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100 * 1024 * 1024;

/** Writes `weights` as a safetensors file that PyTorch, Python's `safetensors` and dlcmp read. */
export async function writeSafetensors(path: string, weights: Weights): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const chunk of encodeChunks(weights)) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

function* encodeChunks(weights: Weights): Generator<Uint8Array> {
  const entries = Object.entries(weights);
  let offset = 0;
  const header: Record<string, TensorEntry> = {};
  for (const [name, { shape, data }] of entries) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  yield length;
  yield padded;
  for (const [, { data }] of entries) {
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
}

/**
 * Reads every tensor of a safetensors file.
 *
 * @throws `INVALID_FILE` where the file is not safetensors, is cut short, or holds another dtype
 *   than F32
 */
export async function readSafetensors(path: string): Promise<Weights> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DlcmpError('INVALID_FILE', `${path} cannot be read.`, { cause });
  });
  const { header, dataStart } = decodeHeader(bytes, path);
  const weights: Record<string, WeightTensor> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') {
      weights[name] = decodeTensor(bytes.subarray(dataStart), name, entry, path);
    }
  }
  return weights;
}

function decodeHeader(
  bytes: Buffer,
  path: string,
): { header: Record<string, TensorEntry>; dataStart: number } {
  const length = bytes.length < LENGTH_BYTES ? 0 : Number(bytes.readBigUInt64LE());
  const dataStart = LENGTH_BYTES + length;
  if (length < 2 || length > MAX_HEADER_BYTES || dataStart > bytes.length) {
    throw invalid(path, 'its header is missing or cut short');
  }
  try {
    const header: unknown = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, dataStart));
    if (typeof header !== 'object' || header === null) throw new TypeError('not an object');
    return { header: header as Record<string, TensorEntry>, dataStart };
  } catch (cause) {
    throw invalid(path, 'its header is not JSON', cause);
  }
}

function decodeTensor(data: Buffer, name: string, entry: TensorEntry, path: string): WeightTensor {
  if (entry.dtype !== 'F32') {
    throw invalid(path, `the tensor ${name} is ${entry.dtype}, and only F32 is supported`);
  }
  if (!Array.isArray(entry.shape) || !Array.isArray(entry.data_offsets)) {
    throw invalid(path, `the tensor ${name} has no shape or no data_offsets`);
  }
  const [start, end] = entry.data_offsets;
  const expectedBytes = elementCount(entry.shape) * Float32Array.BYTES_PER_ELEMENT;
  if (!(start >= 0) || end - start !== expectedBytes || end > data.length) {
    throw invalid(path, `the tensor ${name} does not fit its shape or the file is cut short`);
  }
  const copy = new Uint8Array(expectedBytes);
  copy.set(data.subarray(start, end));
  return { shape: entry.shape, data: new Float32Array(copy.buffer) };
}

function invalid(path: string, reason: string, cause?: unknown): DlcmpError {
  return new DlcmpError(
    'INVALID_FILE',
    `${path} is not a readable safetensors file: ${reason}.`,
    cause === undefined ? undefined : { cause },
  );
}
