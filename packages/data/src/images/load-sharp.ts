import { createRequire } from 'node:module';
import { DlcmpError } from '@dlcmp/contract';

type SharpModule = typeof import('sharp');

/**
 * The sharp module, loaded at the first call: importing this package loads no native code.
 *
 * @throws `FRAMEWORK_MISSING` where sharp or its binary for this platform is not installed
 */
export async function loadSharp(): Promise<SharpModule['default']> {
  try {
    // Its ES module has import attributes, which Node.js 20.9 cannot parse; its CommonJS has not.
    return createRequire(import.meta.url)('sharp') as SharpModule['default'];
  } catch (cause) {
    throw new DlcmpError(
      'FRAMEWORK_MISSING',
      'The image library sharp cannot be loaded. Install it for this platform: npm install sharp --include=optional',
      { cause },
    );
  }
}

/**
 * Versions of the libraries that decode images.
 *
 * @throws as {@link loadSharp}
 */
export async function imageLibraries(): Promise<Readonly<Record<'sharp' | 'libvips', string>>> {
  const { sharp = '', vips } = (await loadSharp()).versions;
  return { sharp, libvips: vips };
}
