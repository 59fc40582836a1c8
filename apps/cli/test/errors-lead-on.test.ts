import { describe, expect, it } from '@jest/globals';
import { type ListedError, listErrors } from '../../../tooling/list-errors.mjs';

/** Who throws what a user can mend; other errors mean a fault of this project's own. */
const MENDABLE = new Set(['DlcmpError', 'TransientFailure', 'DamagedArchive', 'assertArgument']);

/**
 * All that the command line says when something is wrong ends in a next step, or states the rule that was
 * broken. `node tooling/list-errors.mjs` prints the list.
 */
const ERRORS = listErrors().filter(
  ({ thrower, place }) => MENDABLE.has(thrower) && !place.includes('/testing/'),
);

const NEXT_STEP = new RegExp(
  `\\b(${[
    ...[
      'Call',
      'Check',
      'Choose',
      'Correct',
      'Create',
      'Download',
      'End',
      'Export',
      'Fetch',
      'Free',
    ],
    ...['Give', 'Hold', 'Install', 'Load', 'Make', 'Mend', 'Move', 'Name', 'Pass', 'Put', 'Repair'],
    ...[
      'Repeat',
      'Resume',
      'Run',
      'Save',
      'Set',
      'Start',
      'Take',
      'Try',
      'Unpack',
      'Use',
      'Wait',
      'Resize',
    ],
  ].join('|')})\\b`,
  'i',
);

/** Of an argument: what it may be. */
const RULE =
  /\b(must|needs?|at least|at most|takes|there are|known|its weights|from \d|known|has the backends?)\b/i;

/** What another function says, which the list has in a place of its own or which comes from outside. */
const FILLED_IN =
  /remedy|advice|whenDamaged|listing\(|\{(fault|message|reason|cause)\}\.?$|problems\.join|likelyCause|missingReason/;

const leadsOn = ({ thrower, code, message }: ListedError) =>
  NEXT_STEP.test(message) ||
  FILLED_IN.test(message) ||
  ((thrower === 'assertArgument' || code === "'INVALID_ARGUMENT'") && RULE.test(message));

describe('the errors that can be printed', () => {
  it('are found', () => {
    expect(ERRORS.length).toBeGreaterThan(150);
    expect(ERRORS).toContainEqual({
      place: expect.stringMatching(/^apps\/cli\/src\/adapter-registry\.ts:\d+$/),
      thrower: 'DlcmpError',
      code: "'INVALID_ARGUMENT'",
      message: 'There is no adapter "{nameOrId}". Choose from: {names.join(\', \')}.',
    });
  });

  it('name a next step, or the rule that was broken', () => {
    const dead = ERRORS.filter((error) => error.code !== "'ABORTED'" && !leadsOn(error));
    expect(dead.map(({ place, message }) => `${place} ${message}`)).toEqual([]);
  });

  it('are sentences of words for people', () => {
    const odd = ERRORS.filter(({ message }) => /\w\(s\)|AbortSignal|\berrno\b|!$/.test(message));
    expect(odd.map(({ place, message }) => `${place} ${message}`)).toEqual([]);
  });
});
