import { describe, expect, it } from '@jest/globals';
import { baselineRf } from '../src';
import { stripedSpec } from './striped-images';

describe('baselineRf', () => {
  it('names its backend and the version of what it stands on', async () => {
    const [backend, ...others] = await baselineRf.probe();
    expect(others).toEqual([]);
    expect(backend).toMatchObject({ name: 'cpu', available: true, device: 'CPU' });
    expect(Object.keys((backend as { versions: object }).versions)).not.toEqual([]);
  });

  it('refuses a backend that it has not', async () => {
    await expect(baselineRf.create(stripedSpec, { backend: 'cuda' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
