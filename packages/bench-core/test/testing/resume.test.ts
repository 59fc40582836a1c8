import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosineSchedule, type LabelledImages } from '@dlcmp/contract';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createReferenceCnn, createSeparableImages } from '../../src/testing';
import { CONTRACT_SPEC } from '../../src/testing/contract-data';

const OPTIONS = { epochs: 2, batchSize: 4 };

describe('resuming a fit', () => {
  let folder: string;
  let checkpoint: string;
  const { inputHeight, inputWidth, classNames } = CONTRACT_SPEC;
  const size = { inputHeight, inputWidth, classCount: classNames.length };
  const images = createSeparableImages({ ...size, count: 8, seed: 1 });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlcmp-resume-'));
    checkpoint = join(folder, 'checkpoint.safetensors');
    await train(images, { checkpoint: { path: checkpoint } });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function train(on: LabelledImages, extra: object): Promise<void> {
    const classifier = await createReferenceCnn().create(CONTRACT_SPEC);
    try {
      await classifier.fit(on, { ...OPTIONS, ...extra });
    } finally {
      await classifier.dispose();
    }
  }

  it('goes on with the images that it began with', async () => {
    const copy = { ...images, pixels: images.pixels.slice() };
    await expect(train(copy, { resumeFrom: checkpoint })).resolves.toBeUndefined();
  });

  it('refuses images of the same labels that differ in one pixel', async () => {
    const pixels = images.pixels.slice();
    pixels[pixels.length - 1] = (pixels.at(-1) as number) ^ 1;
    const others = { ...images, pixels };
    await expect(train(others, { resumeFrom: checkpoint })).rejects.toThrow(
      /was written with different images: .*Resume with the settings and images that the run began with/,
    );
  });

  it('refuses another schedule of learning rates', async () => {
    await expect(
      train(images, { resumeFrom: checkpoint, schedule: cosineSchedule({ learningRate: 1e-3 }) }),
    ).rejects.toThrow(/was written with different learningRates/);
  });

  it('refuses the same images under other labels', async () => {
    const labels = images.labels.slice().reverse();
    await expect(train({ ...images, labels }, { resumeFrom: checkpoint })).rejects.toThrow(
      /was written with different images/,
    );
  });
});
