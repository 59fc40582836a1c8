import { Transform } from 'node:stream';

/** CRC-32 of each byte, reflected polynomial 0xEDB88320 (the zip format's, ISO 3309). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The CRC-32 of bytes whose predecessors have the CRC-32 `previous`. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}

/** Passes bytes on and fails at their end unless they have the CRC-32 `expected`. */
export function checkCrc32(expected: number, name: string): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
    flush(done) {
      done(crc === expected ? null : new Error(`${name} does not have its checksum`));
    },
  });
}
