import { createGenerator } from '@dlcmp/contract';
import { photograph } from './camera';
import { Canvas } from './drawing/canvas';
import { createDice } from './drawing/dice';
import { createNoise } from './drawing/noise';
import { paintClutter } from './elements/clutter';
import { createLight } from './light';
import type { Scene } from './picture';
import { paintBuildings } from './scenes/buildings';
import { paintForest } from './scenes/forest';
import { paintGlacier } from './scenes/glacier';
import { paintMountain } from './scenes/mountain';
import { paintSea } from './scenes/sea';
import { paintStreet } from './scenes/street';

/** Side of a sample image in pixels, as in the Intel data set. */
export const SAMPLE_SIDE = 150;

/** The scene of each class; the names are the Intel data set's. */
export const SCENES: Readonly<Record<string, Scene>> = {
  buildings: paintBuildings,
  forest: paintForest,
  glacier: paintGlacier,
  mountain: paintMountain,
  sea: paintSea,
  street: paintStreet,
};

/**
 * Draws one picture of `className`: the same for the same seed, split and index.
 *
 * @returns [SAMPLE_SIDE × SAMPLE_SIDE × 3] RGB bytes, and the JPEG quality it is to be kept with
 */
export function drawSample(
  className: string,
  seed: number,
  split: string,
  index: number,
): { pixels: Uint8Array; quality: number } {
  const scene = SCENES[className];
  if (!scene) throw new RangeError(`There is no scene ${className}.`);
  const dice = createDice(createGenerator(seed, `sample/${split}/${className}`, index));
  const canvas = new Canvas(SAMPLE_SIDE);
  const picture = { canvas, dice, noise: createNoise(dice), light: createLight(dice) };
  scene(picture);
  paintClutter(picture);
  return { pixels: photograph(canvas, dice), quality: dice.whole(55, 92) };
}
