import { exifOrientation } from './exif-orientation';
import { isForeignProfile } from './icc-profile';

/** What stands before the first coded data of a JPEG (ITU-T T.81, annex B). */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour, 4 CMYK. */
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** Coded by Huffman's method, in one pass over the picture or in several. */
  readonly coding: 'sequential' | 'progressive' | 'other';
  /** How the camera was held, 1–8 as EXIF has it. */
  readonly orientation: number;
  /** Whether its colours are those of another space than sRGB. */
  readonly hasForeignProfile: boolean;
  /** Where the marker of the first scan is. */
  readonly scanStart: number;
}

const SCAN = 0xda;
const FRAMES: Readonly<Record<number, JpegHeader['coding']>> = {
  192: 'sequential',
  193: 'sequential',
  194: 'progressive',
};
/** Huffman tables, an extension and arithmetic tables stand among the frames' markers. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

type Frame = Pick<JpegHeader, 'width' | 'height' | 'components' | 'precision' | 'coding'>;

/** The header of a JPEG; undefined where it is not laid out as one. */
export function readJpegHeader(bytes: Buffer): JpegHeader | undefined {
  let frame: Frame | undefined;
  let orientation = 1;
  const profile: Buffer[] = [];
  for (const { marker, start, content } of segments(bytes)) {
    if (marker === SCAN) {
      const hasForeignProfile = profile.length > 0 && isForeignProfile(Buffer.concat(profile));
      return frame && { ...frame, orientation, hasForeignProfile, scanStart: start };
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker)) {
      frame = readFrame(marker, content);
    } else if (marker === 0xe1 && startsWith(content, 'Exif\0\0')) {
      orientation = exifOrientation(content.subarray(6));
    } else if (marker === 0xe2 && startsWith(content, 'ICC_PROFILE\0')) {
      profile.push(content.subarray(14));
    }
  }
  return undefined;
}

interface Segment {
  readonly marker: number;
  /** Of its marker. */
  readonly start: number;
  /** Behind its length. */
  readonly content: Buffer;
}

/** The segments up to the first scan's. */
function* segments(bytes: Buffer): Generator<Segment> {
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff) return;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return;
    yield { marker, start: at, content: bytes.subarray(at + 4, at + 2 + length) };
    if (marker === SCAN) return;
    at += 2 + length;
  }
}

function readFrame(marker: number, content: Buffer): Frame | undefined {
  if (content.length < 6) return undefined;
  return {
    coding: FRAMES[marker] ?? 'other',
    precision: content.readUInt8(0),
    height: content.readUInt16BE(1),
    width: content.readUInt16BE(3),
    components: content.readUInt8(5),
  };
}

function startsWith(content: Buffer, text: string): boolean {
  return content.toString('latin1', 0, text.length) === text;
}
