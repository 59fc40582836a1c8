import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { baselineRf } from '../src';
import { createStripedImages, stripedSpec } from './striped-images';

describe('baselineRf', () => {
  it('names its engines and the version of what each stands on', async () => {
    const probes = await baselineRf.probe();
    expect(probes.map(({ name }) => name)).toEqual(['exact', 'ml-random-forest']);
    for (const probe of probes) {
      expect(probe).toMatchObject({ available: true, device: 'CPU' });
      expect(Object.keys((probe as { versions: object }).versions)).not.toEqual([]);
    }
  });

  it('opens a saved forest with the engine that grew it', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'dlcmp-rf-')), 'forest');
    const images = createStripedImages(12);
    const grown = await baselineRf.create(stripedSpec, { engine: 'ml-random-forest' });
    await grown.fit(images);
    await grown.save(folder);
    const loaded = await baselineRf.load(folder);
    const answers = await loaded.predict(images.pixels, images.count);
    expect(answers).toEqual(await grown.predict(images.pixels, images.count));
  });

  it('refuses a backend that it has not', async () => {
    await expect(baselineRf.create(stripedSpec, { backend: 'cuda' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

it('says of both engines who grows the trees', () => {
  expect(baselineRf.engines).toMatchObject([
    { id: 'exact', computedBy: [{ part: 'trees', by: 'dlcmp' }] },
    { id: 'ml-random-forest', computedBy: [{ part: 'trees', by: 'framework' }] },
  ]);
});
