import type { CompletedTrial } from '@dlcmp/bench-core/results';
import { expect, it } from '@jest/globals';
import type { ReportedContender } from '../src/report';
import { whatComputes } from '../src/what-computes';

function contender(trial: Partial<CompletedTrial>): ReportedContender {
  return { title: 'A', completed: [trial] } as unknown as ReportedContender;
}

const conv = { part: 'convolution', by: 'dlcmp', what: 'WebAssembly kernels' } as const;
const loss = { part: 'loss', by: 'framework', what: "ONNX Runtime's operators" } as const;

it('says part by part what dlcmp and what the framework computes', () => {
  const told = whatComputes([
    contender({ division: 'as-published', computedBy: [loss] }),
    contender({ division: 'with-kernels', computedBy: [conv, loss] }),
    contender({ division: 'with-kernels', computedBy: [conv] }),
    contender({}),
  ]);
  expect(told.map(({ sentence }) => sentence)).toEqual([
    "as published: every operator is the framework's own",
    'in the division with kernels of dlcmp (by dlcmp: convolution; by the framework: loss)',
    'in the division with kernels of dlcmp (by dlcmp: convolution)',
  ]);
});
