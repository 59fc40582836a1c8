import type { JpegHeader } from './jpeg-header';

const PERIODS = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Copies of a JPEG without what libjpeg warns of and what leaves its picture whole: parameters of a scan
 * that sequential coding does not have, which some phones write, and padding between the picture and its end. Of the
 * padding the last bytes may belong to the picture: there is a copy for each possibility.
 */
export function* withoutOddities(bytes: Buffer, header: JpegHeader): Generator<Buffer> {
  const repaired = header.coding === 'sequential' ? repairScans(bytes, header.scanStart) : bytes;
  if (repaired !== bytes) yield repaired;
  const end = repaired.indexOf(Buffer.of(0xff, 0xd9), header.scanStart);
  if (end < 0) return;
  for (const start of paddingStarts(repaired, end)) {
    yield Buffer.concat([repaired.subarray(0, start), repaired.subarray(end)]);
  }
}

/** Sequential scans cover coefficients 0 to 63 at once (ITU-T T.81, B.2.3). */
function repairScans(bytes: Buffer, scanStart: number): Buffer {
  const repaired = Buffer.from(bytes);
  for (let at = scanStart; at >= 0; at = repaired.indexOf(Buffer.of(0xff, 0xda), at + 2)) {
    const parameters = at + 5 + 2 * (repaired[at + 4] ?? 0);
    if (parameters + 3 <= repaired.length) repaired.set([0, 63, 0], parameters);
  }
  return repaired.equals(bytes) ? bytes : repaired;
}

/** Where the padding before `end` may begin: bytes that repeat in a short period, at least twice. */
function paddingStarts(bytes: Buffer, end: number): number[] {
  const runs = PERIODS.map((period) => {
    let start = end;
    while (start > period && bytes[start - 1] === bytes[start - 1 - period]) start--;
    return { period, length: end - start };
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  if (longest.length < longest.period) return [];
  const first = end - longest.length - longest.period;
  return Array.from({ length: longest.period + 1 }, (_, kept) => first + kept);
}
