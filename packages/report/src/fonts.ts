import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The one family that pictures are set in: regular (400) and semi-bold (600). */
export const FONT_FAMILY = 'Inter';

let fonts: Promise<Buffer[]> | undefined;

/**
 * The TrueType files of {@link FONT_FAMILY} out of its package, so that a machine without fonts
 * shows text and every machine the same. They cover Latin, Greek and Cyrillic.
 */
export function loadFonts(): Promise<Buffer[]> {
  fonts ??= readFonts();
  return fonts;
}

function readFonts(): Promise<Buffer[]> {
  const require = createRequire(import.meta.url);
  return Promise.all([
    readFile(require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf')),
    readFile(require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf')),
  ]);
}
