import type { BenchEvent, TrialResult, TrialTurn } from '@dlcmp/bench-core';

/** One line of `bench --json`. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** Writes what happens during a run to standard output, a JSON object a line. */
export function printJsonEvents(event: BenchEvent): void {
  const line = toJsonEvent(event);
  if (line) printJsonEvent(line);
}

export function printJsonEvent(event: JsonEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** What a program that watches a run is told; single steps are left out. */
export function toJsonEvent(event: BenchEvent): JsonEvent | undefined {
  switch (event.type) {
    case 'run-started': {
      const { type, ...about } = event;
      return { event: type, at: new Date().toISOString(), ...about };
    }
    case 'gate-started':
      return { event: event.type };
    case 'gate-finished':
      return { event: event.type, status: event.gate.status, reason: event.gate.reason };
    case 'trial-started':
      return { event: event.type, ...identity(event.trial) };
    case 'scenario-started':
      return { event: event.type, ...identity(event.trial), scenario: event.scenario };
    case 'trial-repeated':
      return { event: event.type, ...identity(event.trial) };
    case 'trial-finished':
      return { event: event.type, ...identity(event.trial), ...outcome(event.result) };
    case 'trial-event':
      if (event.event.type === 'phase')
        return { event: 'phase', ...identity(event.trial), phase: event.event.phase };
      if (event.event.type !== 'epoch') return undefined;
      return { event: 'epoch', ...identity(event.trial), ...event.event.epoch };
  }
}

function identity({ selected, seed, repeat, settings, position, total }: TrialTurn) {
  const { adapter, backend } = selected;
  const name = { adapter: adapter.id, backend, seed, ...(repeat !== undefined && { repeat }) };
  return { ...name, ...(settings && { settings }), position, total };
}

function outcome(result: TrialResult) {
  const { status, totalSeconds } = result;
  if (result.status !== 'completed') return { status, totalSeconds, error: result.error };
  const { accuracy, trainSeconds, inferenceSeconds, comparable, checks = [] } = result;
  const figures = { status, totalSeconds, accuracy, trainSeconds, inferenceSeconds, comparable };
  return { ...figures, failedChecks: checks.filter(({ passed }) => !passed) };
}
