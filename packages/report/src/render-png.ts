import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { printable } from '@dlcmp/contract';
import { FONT_FAMILY, loadFonts } from './fonts';

/** Pictures have twice their nominal size, so that they stay sharp on dense displays. */
const PIXEL_RATIO = 2;

/** A longer side would take more memory than the picture is worth; it is scaled down instead. */
const LONGEST_SIDE = 16_384;

type ResvgModule = typeof import('@resvg/resvg-wasm');

let resvg: Promise<ResvgModule> | undefined;

/** Paints an SVG of `width` × `height` on white, at twice that size, with no font of the system. */
export async function renderPng(
  svg: string,
  { width, height }: { width: number; height: number },
): Promise<Uint8Array> {
  resvg ??= loadResvg();
  const [{ Resvg }, fontBuffers] = await Promise.all([resvg, loadFonts()]);
  const picture = new Resvg(printable(svg), {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: Math.min(PIXEL_RATIO, LONGEST_SIDE / Math.max(width, height)) },
    font: { fontBuffers, defaultFontFamily: FONT_FAMILY },
  });
  try {
    return picture.render().asPng();
  } finally {
    picture.free();
  }
}

async function loadResvg(): Promise<ResvgModule> {
  const module = await import('@resvg/resvg-wasm');
  const require = createRequire(import.meta.url);
  const wasm = await readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm'));
  await module.initWasm(wasm).catch(ignoreSecondInitialization);
  return module;
}

/** Another user of resvg in this process, such as a second copy of this module, came first. */
function ignoreSecondInitialization(error: unknown): void {
  if (!String(error).includes('Already initialized')) throw error;
}
