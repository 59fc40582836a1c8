import { BadImage } from './bad-image';

/** Formats that are read. */
export type ReadableFormat = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'TIFF' | 'AVIF';

interface Format {
  readonly name: string;
  matches(bytes: Buffer): boolean;
}

const text = (bytes: Buffer, start: number, length: number) =>
  bytes.toString('latin1', start, start + length);

const startsWith =
  (...beginnings: readonly string[]) =>
  (bytes: Buffer) =>
    beginnings.some((beginning) => text(bytes, 0, beginning.length) === beginning);

/** Files of ISO/IEC 14496-12 name the brands they keep to in their first box. */
const hasBrand =
  (...brands: readonly string[]) =>
  (bytes: Buffer) => {
    if (text(bytes, 4, 4) !== 'ftyp') return false;
    const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
    for (let at = 8; at + 4 <= end; at += 4) if (brands.includes(text(bytes, at, 4))) return true;
    return false;
  };

/** How each format begins that is read. */
const READ: readonly (Format & { readonly name: ReadableFormat })[] = [
  { name: 'JPEG', matches: startsWith('\xff\xd8\xff') },
  { name: 'PNG', matches: startsWith('\x89PNG\r\n\x1a\n') },
  {
    name: 'WebP',
    matches: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP',
  },
  { name: 'GIF', matches: startsWith('GIF87a', 'GIF89a') },
  { name: 'TIFF', matches: startsWith('II*\0', 'MM\0*', 'II+\0', 'MM\0+') },
  { name: 'AVIF', matches: hasBrand('avif', 'avis') },
];

/** How others begin that people have, to name them. */
const NOT_READ: readonly Format[] = [
  { name: 'a HEIC image', matches: hasBrand('heic', 'heix', 'hevc', 'hevx', 'heim', 'heis') },
  { name: 'a HEIF image', matches: hasBrand('mif1', 'msf1') },
  {
    name: 'a BMP image',
    // Two letters alone would do for many a text: the size of the header behind them is small.
    matches: (bytes) =>
      startsWith('BM')(bytes) && bytes.length > 18 && bytes.readUInt32LE(14) <= 124,
  },
  { name: 'an SVG drawing', matches: (bytes) => /^\s*<(\?xml\b[\s\S]*<)?svg\b/.test(head(bytes)) },
  { name: 'a JPEG XL image', matches: startsWith('\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n') },
  {
    name: 'a JPEG 2000 image',
    matches: startsWith('\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51'),
  },
  { name: 'a Photoshop document', matches: startsWith('8BPS') },
  { name: 'an icon', matches: startsWith('\0\0\x01\0', '\0\0\x02\0') },
  { name: 'a Netpbm image', matches: (bytes) => /^P[1-7][\s#]/.test(text(bytes, 0, 3)) },
  { name: 'an OpenEXR image', matches: startsWith('\x76\x2f\x31\x01') },
  { name: 'a PDF document', matches: startsWith('%PDF-') },
];

const READ_NAMES = 'JPEG, PNG, WebP, GIF, TIFF and AVIF';

/**
 * The format of a file by its first bytes, whatever it is called: sharp alone would also draw SVG and
 * PDF, depending on how it was built.
 *
 * @throws {@link BadImage} where it is not read, with what it is and what to do
 */
export function assertImageFormat(bytes: Buffer): ReadableFormat {
  if (bytes.length === 0) throw new BadImage('is empty (0 bytes)');
  const format = READ.find(({ matches }) => matches(bytes));
  if (format) return format.name;
  const other = NOT_READ.find(({ matches }) => matches(bytes));
  if (other) {
    throw new BadImage(
      `is ${other.name}; ${READ_NAMES} are read: convert it to one of these, for example to PNG`,
    );
  }
  throw new BadImage(`is not an image that can be read (${READ_NAMES} can)`);
}

/** The beginning, without a byte order mark. */
function head(bytes: Buffer): string {
  return text(bytes, 0, 1024).replace(/^\xef\xbb\xbf/, '');
}
