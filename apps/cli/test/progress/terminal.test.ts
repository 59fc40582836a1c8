import type { BenchEvent, TrialTurn } from '@dlcmp/bench-core';
import { describe, expect, it } from '@jest/globals';
import { Terminal } from '@xterm/headless';
import { benchProgress } from '../../src/progress/bench-progress';
import { TerminalBar } from '../../src/progress/terminal-bar';

/** A terminal that shows what a stream of that size is written; its lines are read as a person sees them. */
function emulator(columns: number, rows: number) {
  const screen = new Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
  const listeners = new Set<() => void>();
  let pending = Promise.resolve();
  return {
    isTTY: true,
    get columns() {
      return screen.cols;
    },
    write(text: string) {
      // A terminal's driver ends lines with a carriage return as well.
      const bytes = text.replaceAll('\n', '\r\n');
      pending = pending.then(() => new Promise((done) => screen.write(bytes, done)));
    },
    on: (_: 'resize', listener: () => void) => listeners.add(listener),
    off: (_: 'resize', listener: () => void) => listeners.delete(listener),
    listenerCount: () => listeners.size,
    async resize(width: number, height: number) {
      await pending;
      screen.resize(width, height);
      for (const listener of listeners) listener();
    },
    async lines(): Promise<string[]> {
      await pending;
      const { active } = screen.buffer;
      const all = Array.from({ length: active.length }, (_, y) => active.getLine(y));
      // Lines that were wrapped for their width are put together.
      const joined: string[] = [];
      for (const line of all) {
        const text = line?.translateToString(true) ?? '';
        if (line?.isWrapped) joined.push(`${joined.pop()}${text}`);
        else joined.push(text);
      }
      return joined.filter((line) => line !== '');
    },
  };
}

const trial = {
  selected: { title: 'ONNX Runtime, own operators', contender: 'onnx:graph' },
  seed: 1,
  position: 1,
  total: 1,
} as unknown as TrialTurn;

const STEPS = 5;

/** What a bench of one trial of that many epochs tells. */
function* events(epochs: number): Generator<BenchEvent> {
  yield { type: 'trial-started', trial };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (let step = 1; step <= STEPS; step++) {
      const completed = (epoch - 1) * STEPS + step;
      const progress = {
        unit: 'step',
        completed,
        total: epochs * STEPS,
        epoch,
        loss: 1.5,
      } as const;
      const event = {
        type: 'progress',
        progress: { ...progress, imagesPerSecond: 12_345 },
      } as const;
      yield { type: 'trial-event', trial, event };
    }
    const measured = { trainSeconds: 1, trainImagesPerSecond: 99, evaluationSeconds: 1 };
    const outcome = { epoch, trainLoss: 2, accuracy: 0.5, ...measured };
    yield { type: 'trial-event', trial, event: { type: 'epoch', epoch: outcome } };
  }
  const result = { status: 'completed', accuracy: 0.5, trainSeconds: 2, inferenceSeconds: 1 };
  yield {
    type: 'trial-finished',
    trial,
    result: { ...result, totalSeconds: 4 },
  } as unknown as BenchEvent;
}

function epochLines(epochs: number): string[] {
  return Array.from(
    { length: epochs },
    (_, index) => `  epoch ${index + 1}: loss 2.0000, test accuracy 50.00 %, 99.0 images/s`,
  );
}

describe.each([
  [80, 24],
  [100, 40],
  [200, 50],
])('a terminal of %i×%i', (columns, rows) => {
  it.each([
    ['as it is', []],
    ['made narrower and wide again', [60, columns]],
    ['made very narrow', [20]],
    ['made wider', [columns + 40]],
  ])('%s shows every line of a bench, in order, and nothing of the bar', async (_, widths) => {
    const stream = emulator(columns, rows);
    const show = benchProgress({ stream });
    const all = [...events(40)];
    for (const [index, event] of all.entries()) {
      show(event);
      const turn = (index + 1) / Math.floor(all.length / (widths.length + 1)) - 1;
      const width = widths[turn];
      if (width !== undefined) await stream.resize(width, rows);
    }
    expect(await stream.lines()).toEqual([
      '[1/1] ONNX Runtime, own operators (onnx:graph), seed 1',
      ...epochLines(40),
      '  accuracy 50.00 %, training 2.00 s, inference 1.00 s, total 4.00 s',
    ]);
    expect(stream.listenerCount()).toBe(0);
  });
});

describe('TerminalBar', () => {
  it('stands on the last line, below what is written above it', async () => {
    const stream = emulator(80, 24);
    let milliseconds = 0;
    const bar = new TerminalBar('training', stream, () => milliseconds);
    bar.update(0, 4, 'epoch 1');
    milliseconds = 10_000;
    bar.update(1, 4, 'epoch 1');
    bar.writeAbove('a line\n');
    expect(await stream.lines()).toEqual(['a line', 'training ███░░░░░░░░░ 25% epoch 1 30s left']);
    bar.finish();
    expect(await stream.lines()).toEqual(['a line']);
  });

  it('is cut at the edge, and never wraps', async () => {
    const stream = emulator(30, 5);
    const bar = new TerminalBar('training', stream, () => 0);
    bar.update(1, 2, 'a note that is longer than the line');
    expect((await stream.lines()).map((line) => line.length)).toEqual([29]);
  });

  it('is redrawn ten times a second at most', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), on() {}, off() {} };
    let milliseconds = 0;
    const bar = new TerminalBar('training', stream, () => milliseconds);
    for (; milliseconds < 1000; milliseconds++) bar.update(milliseconds, 1000, '');
    expect(written).toHaveLength(10);
  });
});
