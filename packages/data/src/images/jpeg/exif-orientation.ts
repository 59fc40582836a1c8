const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * The orientation that an EXIF block states (JEITA CP-3451, 4.6.4): 1 upright, 2–8 mirrored or turned. 1
 * where it states none, or one that there is not.
 *
 * @param tiff the block from its byte order on
 */
export function exifOrientation(tiff: Buffer): number {
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return 1;
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (order === 'II' ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  try {
    const directory = long(4);
    for (let entry = 0; entry < short(directory); entry++) {
      const at = directory + 2 + entry * ENTRY_BYTES;
      if (short(at) !== ORIENTATION_TAG || short(at + 2) !== SHORT) continue;
      const orientation = short(at + 8);
      return orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
  } catch {
    // It ends before what it points to.
  }
  return 1;
}
