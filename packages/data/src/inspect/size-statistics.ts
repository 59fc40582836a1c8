/** Upright width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** How many images have one size. */
export interface SizeCount extends PixelSize {
  readonly count: number;
}

/** Spread of one side over all images, in pixels. */
export interface SideStatistics {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export interface SizeStatistics {
  readonly width: SideStatistics;
  readonly height: SideStatistics;
  /** Every size there is, the commonest first. */
  readonly sizes: readonly SizeCount[];
  /** Images whose size is not the commonest. */
  readonly oddCount: number;
}

/** Statistics of the sizes of images; undefined where there are none. */
export function sizeStatistics(images: readonly PixelSize[]): SizeStatistics | undefined {
  const sizes = countSizes(images);
  const commonest = sizes[0];
  if (!commonest) return undefined;
  return {
    width: sideStatistics(images.map(({ width }) => width)),
    height: sideStatistics(images.map(({ height }) => height)),
    sizes,
    oddCount: images.length - commonest.count,
  };
}

function countSizes(images: readonly PixelSize[]): SizeCount[] {
  const counts = new Map<string, SizeCount>();
  for (const { width, height } of images) {
    const key = `${width}×${height}`;
    counts.set(key, { width, height, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort(
    (left, right) =>
      right.count - left.count || left.width - right.width || left.height - right.height,
  );
}

function sideStatistics(sides: readonly number[]): SideStatistics {
  const sorted = Float64Array.from(sides).sort();
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    minimum: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    maximum: at(sorted.length - 1),
  };
}
