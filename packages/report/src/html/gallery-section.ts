import { type BenchResults, groupByContender } from '@dlcmp/bench-core/results';
import { contenderTitle } from '../charts/report-chart';
import { type GalleryImage, selectGalleryImages } from '../gallery';
import { imageDataUri } from '../image-data-uri';
import { html, type Markup } from './markup';

/** Images that only one contender got right, where the caller has thumbnails of them. */
export function gallerySection(
  results: BenchResults,
  thumbnails: ReadonlyMap<string, Buffer>,
): Markup | undefined {
  const images = selectGalleryImages(results).filter((image) => thumbnails.has(image.relativePath));
  if (images.length === 0) return undefined;
  const contenders = groupByContender(results);
  const titles = new Map(contenders.map((one) => [one.key, contenderTitle(one)]));
  const groups = contenders
    .map(({ key }) => ({ key, own: images.filter(({ rightContender }) => rightContender === key) }))
    .filter(({ own }) => own.length > 0);
  const { classNames } = results.dataset;
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
  thumbnails: ReadonlyMap<string, Buffer>,
): Markup {
  const answers = Object.entries(wrongAnswers).map(
    ([key, wrong]) => html`<br>${titles.get(key)}: ${classNames[wrong]}`,
  );
  const source = imageDataUri(thumbnails.get(relativePath)!);
  return html`<li><img src="${source}" alt="Test image ${relativePath}" width="112" height="112"><p><b>${classNames[label]}</b>${answers}</p></li>`;
}
