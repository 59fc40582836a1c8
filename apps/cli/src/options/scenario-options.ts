import {
  DEFAULT_SERVER_BOUND_MS,
  DEFAULT_SOAK_REQUESTS,
  FEWEST_REQUESTS,
  SCENARIOS,
  type Scenario,
} from '@dlcmp/bench-core';
import { assertArgument } from '@dlcmp/contract';
import { type Command, InvalidArgumentError } from 'commander';
import { nameList, wholeNumber } from './parse-values';

/** What is measured besides, of each trial's saved model. */
export interface ScenarioFlags {
  readonly scenario?: readonly Scenario[];
  readonly requests?: number;
  readonly p99Bound?: number;
}

/** Adds `--scenario` and its options. */
export function addScenarioOptions(command: Command): Command {
  return command
    .option(
      '--scenario <LIST>',
      'also measure each saved model as a server would run it, in processes of its own: soak (memory over many requests), server (Poisson arrivals of images, the highest rate that it keeps; some minutes a contender), deployment (size, cold start, memory, where it runs)',
      scenarioList,
    )
    .option(
      '--requests <N>',
      `requests of a soak (default: ${DEFAULT_SOAK_REQUESTS})`,
      wholeNumber(FEWEST_REQUESTS),
    )
    .option(
      '--p99-bound <MS>',
      `milliseconds within which a server must answer 99% of requests (default: ${DEFAULT_SERVER_BOUND_MS})`,
      wholeNumber(1),
    );
}

/** What the options say, for a run's configuration. */
export function scenariosOf({ scenario, requests, p99Bound }: ScenarioFlags) {
  const isSoak = scenario?.includes('soak') ?? false;
  const isServer = scenario?.includes('server') ?? false;
  assertArgument(
    requests === undefined || isSoak,
    '--requests is of a soak: add --scenario soak, or leave it out.',
  );
  assertArgument(
    p99Bound === undefined || isServer,
    '--p99-bound is of a server: add --scenario server, or leave it out.',
  );
  return {
    ...(scenario && { scenarios: scenario }),
    ...(isSoak && { soakRequests: requests ?? DEFAULT_SOAK_REQUESTS }),
    ...(isServer && { serverBoundMs: p99Bound ?? DEFAULT_SERVER_BOUND_MS }),
  };
}

function scenarioList(text: string): Scenario[] {
  const isScenario = (name: string): name is Scenario => SCENARIOS.some((known) => known === name);
  const names = nameList(text);
  if (names.every(isScenario)) return names;
  throw new InvalidArgumentError(`Scenarios are ${SCENARIOS.join(', ')}.`);
}
