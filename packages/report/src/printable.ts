/** Control characters but line breaks, halves of surrogate pairs, and the two that are no characters. */
const UNPRINTABLE = /(?!\n)\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;

/**
 * `text` with U+FFFD for what a terminal would obey and XML 1.0 cannot hold, not even escaped:
 * class names and messages come from elsewhere.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}
