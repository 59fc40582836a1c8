import { printableName } from '@dlcmp/contract';
import type { GalleryImage } from './gallery';
import { imageDataUri } from './image-data-uri';
import {
  MUTED_STYLE,
  type PictureSvg,
  pictureSvg,
  SVG_LINE_HEIGHT,
  svgLines,
  svgText,
  TITLE_STYLE,
} from './picture-svg';
import type { Report } from './report';

const MARGIN = 20;
const SIDE = 112;
const GAP = 14;
const COLUMNS = 6;
const TITLE_HEIGHT = 26;
/** Characters of a line under an image. */
const LINE = 18;
const MOST_LINES = 9;
const ROW_HEIGHT = SIDE + 6 + MOST_LINES * SVG_LINE_HEIGHT;

/** The images that only one contender got right, a row each; nothing without thumbnails. */
export function galleryPicture(
  { contenders, galleryImages, classNames }: Report,
  thumbnails: ReadonlyMap<string, Uint8Array>,
): PictureSvg | undefined {
  const images = galleryImages.filter((image) => thumbnails.has(image.relativePath));
  const titles = new Map(contenders.map(({ key, title }) => [key, title]));
  const rows = contenders
    .map(({ key }) => ({ key, own: images.filter(({ rightContender }) => rightContender === key) }))
    .filter(({ own }) => own.length > 0);
  if (rows.length === 0) return undefined;
  const parts = rows.flatMap(({ key, own }, row) => {
    const top = MARGIN + row * (TITLE_HEIGHT + ROW_HEIGHT);
    return [
      svgText(`Only ${titles.get(key)}`, MARGIN, top + 14, TITLE_STYLE),
      ...own.slice(0, COLUMNS).flatMap((image, column) => {
        const at = { x: MARGIN + column * (SIDE + GAP), y: top + TITLE_HEIGHT };
        return item(image, at, classNames, { titles, thumbnails });
      }),
    ];
  });
  const width = 2 * MARGIN + COLUMNS * (SIDE + GAP) - GAP;
  return pictureSvg(width, 2 * MARGIN + rows.length * (TITLE_HEIGHT + ROW_HEIGHT), parts);
}

function item(
  { relativePath, label, wrongAnswers }: GalleryImage,
  { x, y }: { readonly x: number; readonly y: number },
  classNames: readonly string[],
  known: {
    readonly titles: ReadonlyMap<string, string>;
    readonly thumbnails: ReadonlyMap<string, Uint8Array>;
  },
): string[] {
  const source = imageDataUri(known.thumbnails.get(relativePath)!);
  const text = y + SIDE + SVG_LINE_HEIGHT;
  const answers = [...wrongAnswers].map(
    ([key, wrong]) => `${known.titles.get(key)}: ${classNames[wrong]}.`,
  );
  const lines = svgLines(
    answers.join(' '),
    { x, y: text + SVG_LINE_HEIGHT, characters: LINE },
    `${MUTED_STYLE} font-size="11"`,
  );
  return [
    `<image x="${x}" y="${y}" width="${SIDE}" height="${SIDE}" preserveAspectRatio="xMidYMid slice" href="${source}"/>`,
    svgText(printableName(classNames[label] ?? '', LINE), x, text, 'font-weight="600"'),
    ...lines.parts.slice(0, MOST_LINES - 1),
  ];
}
