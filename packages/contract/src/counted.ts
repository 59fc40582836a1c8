/** `1 seed`, `3 seeds`, `1,200 images`, and with a plural of its own `2 classes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}
