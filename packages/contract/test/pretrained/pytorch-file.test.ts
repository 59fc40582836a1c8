import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readWeightsFile } from '../../src';
import { readPickle } from '../../src/pretrained/read-pickle';

/** Written by PyTorch: `make-pytorch-fixtures.py`. */
function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

describe('readWeightsFile of what torch.save wrote', () => {
  it.each(['tensors.pth', 'tensors-legacy.pth'])(
    'reads tensors, whatever their strides: %s',
    async (name) => {
      const weights = await readWeightsFile(fixture(name));
      const values = Object.entries(weights).map(([key, { shape, data }]) => [
        key,
        shape,
        [...data],
      ]);
      expect(values).toEqual([
        ['fc.weight', [2, 3], [0, 0.25, 0.5, 0.75, 1, 1.25]],
        ['fc.turned', [3, 2], [0, 0.75, 0.25, 1, 0.5, 1.25]],
        ['fc.row', [3], [0.75, 1, 1.25]],
        ['scalar', [], [0.5]],
      ]);
    },
  );

  it('names what is no tensor, and runs nothing', async () => {
    const reading = readWeightsFile(fixture('harmful.pth'));
    await expect(reading).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('__builtin__.print'),
    });
  });

  it('names a tensor that is not float32', async () => {
    const reading = readWeightsFile(fixture('float64.pth'));
    await expect(reading).rejects.toThrow('fc.weight is of DoubleStorage');
  });

  it.each(['tensors.pth', 'tensors-legacy.pth'])('refuses %s cut short anywhere', async (name) => {
    const whole = await readFile(fixture(name));
    const folder = await mkdtemp(join(tmpdir(), 'cut-'));
    const path = join(folder, 'cut.pth');
    for (let length = 0; length < whole.length; length += 41) {
      await writeFile(path, whole.subarray(0, length));
      await expect(readWeightsFile(path)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    }
    await rm(folder, { recursive: true });
  });

  it('refuses instructions that make objects of a class', () => {
    // NEWOBJ: cls.__new__(cls, *args)
    const pickle = Buffer.from([0x80, 2, 0x29, 0x29, 0x81, 0x2e]);
    const options = { globals: {}, persistent: () => undefined };
    expect(() => readPickle(pickle, 0, options)).toThrow('0x81');
    expect(readFileSync(fixture('harmful.pth')).includes('has run')).toBe(true);
  });
});
