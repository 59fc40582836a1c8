import { BadImage } from './bad-image';

interface Format {
  readonly name: 'JPEG' | 'PNG' | 'WebP';
  matches(bytes: Buffer): boolean;
}

const startsWith = (bytes: Buffer, text: string, offset = 0) =>
  bytes.toString('latin1', offset, offset + text.length) === text;

/** The first bytes of each format that is read. */
const FORMATS: readonly Format[] = [
  { name: 'JPEG', matches: (bytes) => startsWith(bytes, '\xff\xd8\xff') },
  { name: 'PNG', matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n') },
  { name: 'WebP', matches: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8) },
];

/**
 * Throws {@link BadImage} unless `bytes` begin as JPEG, PNG or WebP, whatever the file is called:
 * sharp alone would also draw SVG and PDF, depending on how it was built.
 */
export function assertImageFormat(bytes: Buffer): void {
  if (bytes.length === 0) throw new BadImage('is empty (0 bytes)');
  if (!FORMATS.some((format) => format.matches(bytes))) {
    throw new BadImage('is not a JPEG, PNG or WebP image');
  }
}
