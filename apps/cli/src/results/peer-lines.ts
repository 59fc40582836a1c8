import { type BenchResults, type NodeAgainstPython, nodeAgainstPython } from '@dlcmp/bench-core';

/** Below the table where peers took part: Node.js against Python, and the peers' own clocks. */
export function peerLines(results: BenchResults): string[] {
  const comparisons = nodeAgainstPython(results);
  return [
    ...(comparisons.length === 0 ? [] : ['Node.js against Python (time of the first / second):']),
    ...comparisons.map(describeComparison),
    ...ownClocks(results),
  ];
}

const SHOWN = { trainSeconds: 'training', inferenceSeconds: 'inference', latencyP50Ms: 'latency' };

function describeComparison({ node, python, times }: NodeAgainstPython): string {
  const ratios = Object.entries(SHOWN).flatMap(([metric, title]) => {
    const time = times.find((candidate) => candidate.metric === metric);
    return time ? [`${title} ${describeRatio(time)}`] : [];
  });
  return `  ${node.displayName} / ${python.displayName}: ${ratios.join(', ')}`;
}

function describeRatio({ ratio, low, high }: NodeAgainstPython['times'][number]): string {
  const interval = low === null || high === null ? '' : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return `${ratio.toFixed(2)}×${interval}`;
}

/** Training time by the harness's clock and by the peer's: what the protocol costs. */
function ownClocks({ trials }: BenchResults): string[] {
  return trials.flatMap((trial) => {
    if (trial.status !== 'completed') return [];
    const own = trial.details.peerTrainSeconds;
    if (typeof own !== 'number') return [];
    const { displayName, seed, trainSeconds } = trial;
    const difference = (100 * (trainSeconds - own)) / trainSeconds;
    return [
      `${displayName}, seed ${seed}: trained ${trainSeconds.toFixed(2)} s by the harness's clock, ${own.toFixed(2)} s by its own (${difference.toFixed(1)} % between).`,
    ];
  });
}
