import { open, readFile } from 'node:fs/promises';
import { assertArgument, DlcmpError } from './errors';
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

/** The header's entry that holds text instead of a tensor. */
const METADATA = '__metadata__';

/** Text by name, as a safetensors header holds it beside the tensors. */
export type SafetensorsMetadata = Readonly<Record<string, string>>;

/** Tensors of a safetensors file to leave out. */
export interface ReadSafetensorsOptions {
  /** Whether the tensor called `name` is left unread, whatever its dtype. Default: none is. */
  readonly skip?: (name: string) => boolean;
}

/**
 * Writes `weights` as a safetensors file that PyTorch, Python's `safetensors` and dlcmp read.
 *
 * @param metadata written into the header. Default: none
 * @throws `INVALID_ARGUMENT` where a tensor does not fit its shape
 */
export async function writeSafetensors(
  path: string,
  weights: Weights,
  metadata?: SafetensorsMetadata,
): Promise<void> {
  for (const [name, { shape, data }] of Object.entries(weights)) {
    assertArgument(
      elementCount(shape) === data.length,
      `The tensor ${name} holds ${data.length} values, which do not fit its shape [${shape.join(', ')}].`,
    );
  }
  const file = await open(path, 'w');
  try {
    for (const chunk of encodeChunks(weights, metadata)) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

function* encodeChunks(weights: Weights, metadata?: SafetensorsMetadata): Generator<Uint8Array> {
  const entries = Object.entries(weights);
  let offset = 0;
  const header: Record<string, TensorEntry | SafetensorsMetadata> = {};
  if (metadata) header[METADATA] = metadata;
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
 * @throws `INVALID_FILE` where the file is not safetensors, is cut short or has bytes that belong
 *   to no tensor, or holds another dtype than F32
 */
export async function readSafetensors(
  path: string,
  { skip = () => false }: ReadSafetensorsOptions = {},
): Promise<Weights> {
  const { header, dataStart, bytes } = await openSafetensors(path);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(header).filter(([name]) => name !== METADATA);
  const read = entries.filter(([name]) => !skip(name));
  const tensors = read.map(
    ([name, entry]) => [name, decodeTensor(data, name, entry, path)] as const,
  );
  const usedBytes = tensors.reduce((sum, [, tensor]) => sum + tensor.data.byteLength, 0);
  if (read.length === entries.length && usedBytes !== data.length)
    throw invalid(path, 'it holds bytes that belong to no tensor');
  return Object.fromEntries(tensors);
}

/**
 * The metadata of a safetensors file; empty where it has none.
 *
 * @throws `INVALID_FILE`
 */
export async function readSafetensorsMetadata(path: string): Promise<SafetensorsMetadata> {
  const { header } = await openSafetensors(path);
  return (header[METADATA] ?? {}) as SafetensorsMetadata;
}

async function openSafetensors(path: string) {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const fault = `${path} cannot be read (${cause.code}).`;
    throw new DlcmpError('INVALID_FILE', `${fault} Check the path, or save the weights again.`, {
      cause,
    });
  });
  return { bytes, ...decodeHeader(bytes, path) };
}

function decodeHeader(
  bytes: Buffer,
  path: string,
): { header: Record<string, Partial<TensorEntry> | null>; dataStart: number } {
  const length = bytes.length < LENGTH_BYTES ? 0 : Number(bytes.readBigUInt64LE());
  const dataStart = LENGTH_BYTES + length;
  if (length < 2 || length > MAX_HEADER_BYTES || dataStart > bytes.length) {
    throw invalid(path, 'its header is missing or cut short');
  }
  try {
    const header: unknown = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, dataStart));
    if (typeof header !== 'object' || header === null || Array.isArray(header)) {
      throw new TypeError('not an object');
    }
    return { header: header as Record<string, Partial<TensorEntry> | null>, dataStart };
  } catch (cause) {
    throw invalid(path, 'its header is not a JSON object', cause);
  }
}

function decodeTensor(
  data: Buffer,
  name: string,
  entry: Partial<TensorEntry> | null,
  path: string,
): WeightTensor {
  const { dtype, shape, data_offsets: offsets } = entry ?? {};
  if (!areLengths(shape) || !areLengths(offsets) || offsets.length !== 2) {
    throw invalid(path, `the tensor ${name} has no shape or no data_offsets`);
  }
  if (dtype !== 'F32') {
    throw invalid(path, `the tensor ${name} is ${dtype}, and only F32 is supported`);
  }
  const [start, end] = offsets as readonly [number, number];
  const expectedBytes = elementCount(shape) * Float32Array.BYTES_PER_ELEMENT;
  if (end - start !== expectedBytes || end > data.length) {
    throw invalid(path, `the tensor ${name} does not fit its shape or the file is cut short`);
  }
  const copy = new Uint8Array(expectedBytes);
  copy.set(data.subarray(start, end));
  return { shape, data: new Float32Array(copy.buffer) };
}

function areLengths(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((length) => Number.isInteger(length) && length >= 0);
}

function invalid(path: string, reason: string, cause?: unknown): DlcmpError {
  return new DlcmpError(
    'INVALID_FILE',
    `${path} is not a readable safetensors file: ${reason}. Save or download it again.`,
    cause === undefined ? undefined : { cause },
  );
}
