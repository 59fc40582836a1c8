/** Red, green and blue, 0–255; values beyond are clipped at the end. */
export type Colour = readonly [red: number, green: number, blue: number];

/** From `from` (share 0) to `to` (share 1). */
export function mix(from: Colour, to: Colour, share: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** `colour` lit `factor` times as brightly. */
export function lit(colour: Colour, factor: number): Colour {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}
