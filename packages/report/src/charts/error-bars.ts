import type { CustomSeriesOption } from 'echarts/charts';

/** A mean of two figures with the 95% intervals of both; null = one seed has none. */
export interface MeanPoint {
  readonly x: number;
  readonly y: number;
  readonly xInterval: readonly [number, number] | null;
  readonly yInterval: readonly [number, number] | null;
  readonly color: string;
}

/** A cross of intervals through each point. */
export function errorBars(points: readonly MeanPoint[]): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: true,
    z: 2,
    data: points.map(({ x, y }) => [x, y]),
    renderItem: ({ dataIndex }, { coord }) => {
      const point = points[dataIndex] as MeanPoint;
      const at = (x: number, y: number) => coord([x, y]) as [number, number];
      const { x, y, xInterval, yInterval, color } = point;
      return {
        type: 'group',
        children: [
          ...(xInterval ? [bar(at(xInterval[0], y), at(xInterval[1], y), color)] : []),
          ...(yInterval ? [bar(at(x, yInterval[0]), at(x, yInterval[1]), color)] : []),
        ],
      };
    },
  };
}

function bar([x1, y1]: [number, number], [x2, y2]: [number, number], stroke: string) {
  return { type: 'line' as const, shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 2 } };
}
