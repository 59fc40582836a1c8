import * as echarts from 'echarts';
import sharp from 'sharp';

/**
 * A PNG of two panels: fit time by rows, with n log n through its last point, and by trees, with a
 * line through the origin and its last point.
 */
export async function drawScaling(byRows, byTrees) {
  const nLogN = ({ rows }) => rows * Math.log2(rows);
  const panels = [
    panel(0, 'training rows', byRows, ({ rows }) => rows, 'n log n', nLogN),
    panel(
      1,
      'trees',
      byTrees,
      ({ trees }) => trees,
      'linear',
      ({ trees }) => trees,
    ),
  ];
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 380 });
  chart.setOption({
    animation: false,
    title: { text: 'Fit time of the exact forest', left: 'center' },
    grid: [
      { left: 60, right: '54%', top: 80, bottom: 60 },
      { left: '54%', right: 30, top: 80, bottom: 60 },
    ],
    xAxis: panels.map(({ xAxis }) => xAxis),
    yAxis: panels.map(({ gridIndex }) => ({ gridIndex, type: 'value', name: 'seconds', min: 0 })),
    series: panels.flatMap(({ series }) => series),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return sharp(Buffer.from(svg), { density: 144 })
    .flatten({ background: 'white' })
    .png()
    .toBuffer();
}

function panel(gridIndex, axisName, points, at, lawName, law) {
  const last = points.at(-1);
  const axes = { xAxisIndex: gridIndex, yAxisIndex: gridIndex, type: 'line' };
  const endLabel = { show: true, formatter: '{a}' };
  return {
    gridIndex,
    xAxis: {
      gridIndex,
      type: 'value',
      name: axisName,
      nameLocation: 'middle',
      nameGap: 30,
      min: 0,
    },
    series: [
      {
        ...axes,
        name: 'measured',
        data: points.map((point) => [at(point), point.seconds]),
        symbolSize: 8,
        color: '#0072b2',
        label: { show: true, position: 'left', formatter: ({ value }) => value[1].toFixed(2) },
      },
      {
        ...axes,
        name: lawName,
        data: points.map((point) => [at(point), (last.seconds * law(point)) / law(last)]),
        symbol: 'none',
        color: '#d55e00',
        lineStyle: { type: 'dashed' },
        endLabel: { ...endLabel, offset: [-60, -14] },
      },
    ],
  };
}
