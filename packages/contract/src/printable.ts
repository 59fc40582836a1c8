/** Control characters but line breaks, halves of surrogate pairs, and the two that are no characters. */
const UNPRINTABLE = /(?!\n)\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;

/** What no line of text may hold: the above, all that breaks a line, and what turns its direction. */
const UNPRINTABLE_IN_NAMES = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * `text` of one line or several with U+FFFD for what a terminal would obey and XML 1.0 cannot hold,
 * not even escaped. Names of files and classes in it go through {@link printableName} first.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}

/**
 * The name of a file, a class or a framework, which comes from elsewhere, as one line that a terminal
 * can show: control characters, line breaks and marks that turn the direction of writing are escaped as
 * in JSON, so that they can be told.
 *
 * @param longest in characters; what exceeds it is cut out of the middle for an ellipsis. Default: none.
 */
export function printableName(name: string, longest = Number.POSITIVE_INFINITY): string {
  const shown = name.replace(UNPRINTABLE_IN_NAMES, escaped);
  const characters = [...shown];
  if (characters.length <= longest) return shown;
  const tail = Math.floor((longest - 1) / 2);
  const head = longest - 1 - tail;
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return SHORT_ESCAPES.get(character) ?? `\\u${code}`;
}
