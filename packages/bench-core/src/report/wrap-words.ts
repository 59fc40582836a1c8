/**
 * Breaks `text` into lines of at most `width` characters, between words where possible, within a
 * word longer than a line. Line breaks in `text` are kept.
 */
export function wrapWords(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ').flatMap((whole) => cutEvery(whole, width))) {
      const line = lines[lines.length - 1] as string;
      const longer = line === '' ? word : `${line} ${word}`;
      if ([...longer].length <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}

function cutEvery(word: string, width: number): string[] {
  const characters = [...word];
  const pieces = Math.max(1, Math.ceil(characters.length / width));
  return Array.from({ length: pieces }, (_, i) =>
    characters.slice(i * width, (i + 1) * width).join(''),
  );
}
