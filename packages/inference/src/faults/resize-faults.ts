import { type ImageModel, RESIZE_FILTERS, type ResizeFit, type ResizeRule } from '@dlcmp/contract';
import type { FaultId } from './fault-id';

type ResizeFault = [FaultId, string, ResizeRule];

/** Parts of the shorter side that are left when the middle is cut out: torchvision's 224 of 224, 232, 236 and 256, timm's shares. */
const SHARES = [1, 224 / 232, 0.95, 224 / 236, 0.9, 224 / 249, 0.875];

/** With which the middle is cut out besides the model's own. */
const USUAL = ['bilinear', 'bicubic'] as const;

/** Other filters and crops, and the usual filters with each crop: they go together in the pipelines that leave one of them out. */
export function resizeFaults({ resize, inputHeight, inputWidth }: ImageModel): ResizeFault[] {
  const longer = Math.max(inputHeight, inputWidth);
  const { filter: own } = resize;
  const filters = [own, ...USUAL.filter((name) => name !== own)];
  const isOwn = ({ fit, shorterSide = longer }: ResizeRule) =>
    fit === resize.fit && (fit === 'stretch' || shorterSide === (resize.shorterSide ?? longer));
  const crops = filters.flatMap((filter) =>
    fitsFor(longer)
      .map((fit): ResizeRule => ({ filter, ...fit }))
      .filter((rule) => !isOwn(rule))
      .map((rule): ResizeFault => ['other-crop', cropInWords(rule, own), rule]),
  );
  return [
    ...RESIZE_FILTERS.filter((filter) => filter !== own).map(
      (filter): ResizeFault => [
        'other-resize',
        `images were resized by the filter ${filter}, not ${own}`,
        { ...resize, filter },
      ],
    ),
    ...crops,
  ];
}

interface Fit {
  readonly fit: ResizeFit;
  readonly shorterSide?: number;
}

function fitsFor(longer: number): Fit[] {
  const sides = [...new Set(SHARES.map((share) => Math.floor(longer / share + 1e-6)))];
  return [
    { fit: 'stretch' },
    ...sides.map((shorterSide): Fit => ({ fit: 'crop', shorterSide })),
    ...sides
      .filter((side) => side > longer)
      .map((shorterSide): Fit => ({ fit: 'stretch-crop', shorterSide })),
  ];
}

function cropInWords({ filter, fit, shorterSide }: ResizeRule, own: ResizeRule['filter']): string {
  const resized = filter === own ? '' : `, by the filter ${filter}`;
  if (fit === 'stretch') return `whole images were stretched${resized}`;
  return fit === 'crop'
    ? `the middle was cut out of images whose shorter side was ${shorterSide}${resized}`
    : `the middle was cut out of images that were stretched to ${shorterSide}×${shorterSide}${resized}`;
}
