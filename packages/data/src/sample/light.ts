import { type Colour, mix } from './drawing/colour';
import type { Dice } from './drawing/dice';

/** The hour and the weather of a picture. */
export interface Light {
  readonly skyTop: Colour;
  readonly skyBottom: Colour;
  /** What distance and fog fade to. */
  readonly haze: Colour;
  /** Share of the haze at the horizon, 0–1. */
  readonly hazeAmount: number;
  /** How brightly the ground is lit: 1 in full daylight. */
  readonly brightness: number;
  /** Where the sun stands: -1 left, 1 right. */
  readonly sunSide: number;
  /** Share of the sky under clouds, 0–1. */
  readonly clouds: number;
  readonly cloudColour: Colour;
}

type Sky = readonly [top: Colour, bottom: Colour, brightness: number];

/** Clear, hazy, overcast, morning, sunset, dusk, storm, white-out. */
const SKIES: readonly [Sky, ...Sky[]] = [
  [[70, 130, 210], [180, 210, 235], 1],
  [[140, 175, 205], [215, 220, 220], 0.95],
  [[165, 170, 175], [205, 205, 205], 0.8],
  [[120, 150, 190], [245, 225, 190], 0.9],
  [[90, 80, 130], [250, 160, 90], 0.65],
  [[45, 55, 95], [125, 115, 145], 0.55],
  [[70, 80, 90], [130, 135, 140], 0.6],
  [[215, 218, 222], [235, 235, 235], 0.95],
];

export function createLight(dice: Dice): Light {
  const [top, bottom, brightness] = dice.pick(SKIES);
  const jitter = (colour: Colour): Colour => [
    colour[0] + dice.between(-18, 18),
    colour[1] + dice.between(-18, 18),
    colour[2] + dice.between(-18, 18),
  ];
  const skyBottom = jitter(bottom);
  return {
    skyTop: jitter(top),
    skyBottom,
    haze: mix(skyBottom, [200, 205, 210], dice.between(0, 0.5)),
    hazeAmount: dice.chance(0.25) ? dice.between(0.3, 0.6) : dice.between(0, 0.3),
    brightness: brightness * dice.between(0.8, 1.15),
    sunSide: dice.between(-1, 1),
    clouds: dice.between(0, 1),
    cloudColour: mix(jitter(bottom), [255, 255, 255], dice.between(0, 0.7)),
  };
}
