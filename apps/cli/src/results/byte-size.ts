const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes as people read it: "17 bytes", "1.2 MB". */
export function byteSize(bytes: number): string {
  let power = 0;
  let value = bytes;
  while (value >= 999.5 && power < UNITS.length - 1) {
    value /= 1000;
    power++;
  }
  return `${power === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
