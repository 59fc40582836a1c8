import { StringDecoder } from 'node:string_decoder';

/** Longer lines are no part of the protocol: data goes through files. */
export const MAX_LINE_CHARACTERS = 1024 * 1024;

/** Cuts chunks of bytes into lines; `onTooLong` is called once where a line has no end. */
export function createLineReader(
  onLine: (line: string) => void,
  onTooLong: () => void,
): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let overrun = false;
  return (chunk) => {
    if (overrun) return;
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.length <= MAX_LINE_CHARACTERS) onLine(line);
    overrun = [...lines, rest].some((line) => line.length > MAX_LINE_CHARACTERS);
    if (overrun) onTooLong();
  };
}
