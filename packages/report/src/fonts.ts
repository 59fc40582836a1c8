import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadPeer } from './load-peer';

/** The one family that pictures are set in: regular (400) and semi-bold (600). */
export const FONT_FAMILY = 'Inter';

let fonts: Promise<Buffer[]> | undefined;

/**
 * The TrueType files of {@link FONT_FAMILY} out of its package, so that a machine without fonts
 * shows text and every machine the same. They cover Latin, Greek and Cyrillic.
 *
 * @throws `FRAMEWORK_MISSING`
 */
export function loadFonts(): Promise<Buffer[]> {
  fonts ??= loadPeer('@expo-google-fonts/inter', async () => {
    const require = createRequire(import.meta.url);
    return Promise.all([
      readFile(require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf')),
      readFile(require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf')),
    ]);
  });
  return fonts;
}
