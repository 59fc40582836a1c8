const HEADER_BYTES = 128;
const TAG_BYTES = 12;

/**
 * Whether a colour profile (ICC.1:2022) describes another space than sRGB, by what it calls itself. What
 * cannot be read counts as one: whoever converts decides.
 */
export function isForeignProfile(profile: Buffer): boolean {
  try {
    return profile.toString('latin1', 16, 20) !== 'RGB ' || !/\bsRGB\b/.test(describe(profile));
  } catch {
    return true;
  }
}

function describe(profile: Buffer): string {
  const tags = profile.readUInt32BE(HEADER_BYTES);
  for (let tag = 0; tag < tags; tag++) {
    const at = HEADER_BYTES + 4 + tag * TAG_BYTES;
    if (profile.toString('latin1', at, at + 4) !== 'desc') continue;
    const start = profile.readUInt32BE(at + 4);
    const text = profile.subarray(start, start + profile.readUInt32BE(at + 8));
    // Version 2 writes ASCII, version 4 UTF-16: without its zeros, either reads alike.
    return text.toString('latin1').replaceAll('\0', '');
  }
  return '';
}
