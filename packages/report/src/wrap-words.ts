/**
 * Breaks `text` into lines of at most `width` characters, between words where possible, within a word longer than a line
 * after one of its marks (`tensorflow:`) or else anywhere. Line breaks in `text` are kept.
 */
export function wrapWords(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ').flatMap((whole) => cutLong(whole, width))) {
      const line = lines[lines.length - 1] as string;
      const longer = line === '' ? word : `${line} ${word}`;
      if ([...longer].length <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}

const MARK = /[-:/_.]/;

function cutLong(word: string, width: number): string[] {
  const characters = [...word];
  if (characters.length <= width) return [word];
  const afterMark = 1 + characters.slice(0, width).findLastIndex((one) => MARK.test(one));
  const end = afterMark || width;
  return [characters.slice(0, end).join(''), ...cutLong(characters.slice(end).join(''), width)];
}
