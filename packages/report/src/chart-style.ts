/**
 * Okabe and Ito's colours, told apart with any colour vision ("Color universal design", 2008);
 * their black is softened and their yellow, too faint on white, comes last.
 */
export const PALETTE = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#5f6773',
  '#f0e442',
] as const;

export const COLORS = {
  text: '#1c2430',
  mutedText: '#596273',
  axis: '#8a93a3',
  gridLine: '#e6e9ee',
  failure: '#b3261e',
  failureBackground: '#fbe9e7',
} as const;

/** The colour of the bar, line or row at `index`. */
export function colorAt(index: number): string {
  return PALETTE[index % PALETTE.length] as string;
}

/** Sizes of type, in pixels. */
export const FONT_SIZE = { title: 22, panelTitle: 15, body: 13, label: 12 } as const;

/** Pixels from one line of a label to the next. */
export const LABEL_LINE_HEIGHT = 15;

/** Pixels that a character of `fontSize` takes on average, wide ones included. */
export function characterWidth(fontSize: number): number {
  return fontSize * 0.56;
}
