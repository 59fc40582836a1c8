import { printableName } from '@dlcmp/contract';
import type { GalleryImage } from '../gallery';
import { imageDataUri } from '../image-data-uri';
import type { Report } from '../report';
import { html, type Markup } from './markup';

/** Images that only one contender got right, where the caller has thumbnails of them. */
export function gallerySection(
  { contenders, galleryImages, classNames }: Report,
  thumbnails: ReadonlyMap<string, Uint8Array>,
): Markup | undefined {
  const images = galleryImages.filter((image) => thumbnails.has(image.relativePath));
  if (images.length === 0) return undefined;
  const titles = new Map(contenders.map(({ key, title }) => [key, title]));
  const groups = contenders
    .map(({ key }) => ({ key, own: images.filter(({ rightContender }) => rightContender === key) }))
    .filter(({ own }) => own.length > 0);
  return html`<section><h2>Images that only one got right</h2>
${groups.map(
  ({ key, own }) =>
    html`<h3>Only ${titles.get(key)}</h3><ul class="gallery">${own.map((image) => item(image, classNames, titles, thumbnails))}</ul>`,
)}</section>`;
}

function item(
  { relativePath, label, wrongAnswers }: GalleryImage,
  classNames: readonly string[],
  titles: ReadonlyMap<string, string>,
  thumbnails: ReadonlyMap<string, Uint8Array>,
): Markup {
  const answers = [...wrongAnswers].map(
    ([key, wrong]) => html`<br>${titles.get(key)}: ${classNames[wrong]}`,
  );
  const source = imageDataUri(thumbnails.get(relativePath)!);
  return html`<li><img src="${source}" alt="Test image ${printableName(relativePath)}" width="112" height="112"><p><b>${classNames[label]}</b>${answers}</p></li>`;
}
