import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  readSafetensors,
  readSafetensorsMetadata,
  type Weights,
  type WeightTensor,
  writeSafetensors,
} from '../src';

/** Written by Python's safetensors: see `make-safetensors-fixtures.py`. */
const fixture = (name: string) =>
  fileURLToPath(new URL(`./fixtures/${name}.safetensors`, import.meta.url));

/** What the fixtures hold; Python sorts tensors by name. */
const weights: Weights = {
  'fc2.bias': { shape: [2], data: Float32Array.of(-1, 2.5) },
  'fc2.weight': { shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-safetensors-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** A file of a JSON header, taken as it is, and data. */
async function writeRaw(header: string, dataBytes: number): Promise<string> {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  const path = join(directory, 'raw.safetensors');
  await writeFile(path, Buffer.concat([length, Buffer.from(header), Buffer.alloc(dataBytes)]));
  return path;
}

describe('readSafetensors', () => {
  it.each(['plain', 'metadata'])("reads Python's file: %s", async (name) => {
    expect(await readSafetensors(fixture(name))).toEqual(weights);
  });

  it('reads a scalar as a tensor without dimensions', async () => {
    expect(await readSafetensors(fixture('scalar'))).toEqual({
      scalar: { shape: [], data: Float32Array.of(3) },
    });
  });

  it('refuses another dtype by name', async () => {
    await expect(readSafetensors(fixture('half'))).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('the tensor half is F16, and only F32 is supported'),
    });
  });

  it('refuses a missing file with its cause', async () => {
    await expect(readSafetensors(join(directory, 'missing'))).rejects.toMatchObject({
      code: 'INVALID_FILE',
      cause: { code: 'ENOENT' },
    });
  });

  it('refuses a file cut short anywhere', async () => {
    const whole = await readFile(fixture('plain'));
    const path = join(directory, 'short.safetensors');
    for (let length = 0; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    }
  });

  it('refuses a file with bytes after its tensors', async () => {
    const path = join(directory, 'long.safetensors');
    await writeFile(path, Buffer.concat([await readFile(fixture('plain')), Buffer.alloc(4)]));
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });

  it('refuses a header longer than the format allows', async () => {
    const path = join(directory, 'huge.safetensors');
    await writeFile(path, Buffer.alloc(64, 0xff));
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });

  it.each([
    'not JSON',
    'null',
    '[]',
    '"text"',
    '{"w":null}',
    '{"w":1}',
    '{"w":{}}',
    '{"w":{"dtype":"F32","shape":[2]}}',
    '{"w":{"dtype":"F32","data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":[0.5,4],"data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}',
    '{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
    '{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}',
    '{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}',
    '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}',
    '{"w":{"shape":[2],"data_offsets":[0,8]}}',
  ])('refuses the header %s over eight bytes', async (header) => {
    await expect(readSafetensors(await writeRaw(header, 8))).rejects.toMatchObject({
      code: 'INVALID_FILE',
    });
  });

  it('reads a tensor whatever it is called', async () => {
    const header = '{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const read = await readSafetensors(await writeRaw(header, 8));
    expect(Object.keys(read)).toEqual(['__proto__']);
  });
});

describe('writeSafetensors', () => {
  it("writes the very bytes of Python's implementation", async () => {
    const path = join(directory, 'ours.safetensors');
    await writeSafetensors(path, weights);
    expect(await readFile(path)).toEqual(await readFile(fixture('plain')));
  });

  it('writes what readSafetensors reads, to the bit', async () => {
    const data = Float32Array.of(Number.MIN_VALUE, -0, 1 / 3, 3.4e38, Number.NaN, -1e-40);
    const path = join(directory, 'again.safetensors');
    await writeSafetensors(path, {
      w: { shape: [3, 1, 2], data },
      empty: { shape: [0], data: new Float32Array() },
    });
    const read = await readSafetensors(path);
    expect(read.w?.shape).toEqual([3, 1, 2]);
    expect(new Uint8Array((read.w as WeightTensor).data.buffer)).toEqual(
      new Uint8Array(data.buffer),
    );
    expect(read.empty?.data).toHaveLength(0);
  });

  it('writes only the part of a buffer that a tensor shows', async () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const path = join(directory, 'part.safetensors');
    await writeSafetensors(path, { w: { shape: [2], data } });
    expect((await readSafetensors(path)).w?.data).toEqual(Float32Array.of(1, 2));
  });

  it('refuses a tensor that does not fit its shape, and writes nothing', async () => {
    const path = join(directory, 'refused.safetensors');
    const wrong = { w: { shape: [3], data: new Float32Array(2) } };
    await expect(writeSafetensors(path, wrong)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'The tensor w holds 2 values, which do not fit its shape [3].',
    });
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('metadata', () => {
  it('is read from Python’s file, and empty where there is none', async () => {
    expect(Object.keys(await readSafetensorsMetadata(fixture('metadata')))).not.toEqual([]);
    expect(await readSafetensorsMetadata(fixture('plain'))).toEqual({});
  });

  it('travels beside the tensors', async () => {
    const path = join(directory, 'noted.safetensors');
    await writeSafetensors(path, weights, { step: '12', note: 'ä "quoted"' });
    expect(await readSafetensorsMetadata(path)).toEqual({ step: '12', note: 'ä "quoted"' });
    expect(await readSafetensors(path)).toEqual(weights);
  });
});

it('readSafetensors leaves out what it is told to, whatever its dtype', async () => {
  const path = await writeRaw(
    JSON.stringify({
      count: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
      w: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
    }),
    12,
  );
  await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  expect(await readSafetensors(path, { skip: (name) => name === 'count' })).toEqual({
    w: { shape: [1], data: Float32Array.of(0) },
  });
});
