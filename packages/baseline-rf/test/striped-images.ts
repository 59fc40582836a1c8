import type { LabelledImages, ModelSpec } from '@dlcmp/contract';
import { createGenerator, nextInteger } from '@dlcmp/contract';

export const stripedSpec: ModelSpec = {
  inputHeight: 6,
  inputWidth: 5,
  classNames: ['top', 'middle', 'bottom'],
  seed: 7,
};

/** Noise with one bright third: the third names the class. `offset` chooses other images. */
export function createStripedImages(count: number, offset = 0): LabelledImages {
  const imageBytes = stripedSpec.inputHeight * stripedSpec.inputWidth * 3;
  const pixels = new Uint8Array(count * imageBytes);
  const labels = Int32Array.from({ length: count }, (_, image) => image % 3);
  for (let image = 0; image < count; image++) {
    const generator = createGenerator(99, 'striped-images', offset + image);
    for (let byte = 0; byte < imageBytes; byte++) {
      const bright = Math.floor((byte * 3) / imageBytes) === labels[image] ? 90 : 0;
      pixels[image * imageBytes + byte] = bright + nextInteger(generator, 150);
    }
  }
  return { pixels, labels, count };
}

/** Share of images whose most probable class is their label. */
export function accuracyOf(probabilities: Float32Array, labels: Int32Array): number {
  const classes = probabilities.length / labels.length;
  const hits = labels.filter((label, image) => {
    const row = probabilities.subarray(image * classes, (image + 1) * classes);
    return row.indexOf(Math.max(...row)) === label;
  });
  return hits.length / labels.length;
}
