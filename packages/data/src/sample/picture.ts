import type { Canvas } from './drawing/canvas';
import type { Dice } from './drawing/dice';
import type { Noise } from './drawing/noise';
import type { Light } from './light';

/** What a scene is painted with. */
export interface Picture {
  readonly canvas: Canvas;
  readonly dice: Dice;
  readonly noise: Noise;
  readonly light: Light;
}

/** Paints one picture of a class, different for every throw of the dice. */
export type Scene = (picture: Picture) => void;
