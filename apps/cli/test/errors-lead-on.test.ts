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

/** What a user can do, as messages begin to say it. */
const VERBS =
  'add call check choose compare correct create download end export fetch free give hold install leave ' +
  'load make mend merge move name pass put repair repeat resize resume run save set start take train try ' +
  'unpack use wait';
const NEXT_STEP = new RegExp(
  `\\b(${VERBS.split(' ').join('|')}|await|is it running|dlcmp doctor|docs/[\\w-]+)\\b`,
  'i',
);

/** Of an argument: what it may be. */
const RULE =
  /\b(must|needs?|at least|at most|takes|there are|known|numbered|whole numbers|is a number|each is|its weights|reads \d|has the backend|trains with|belong|but count is)\b/i;

/** What another function says, which the list has in a place of its own, or what comes from outside. */
const FILLED_IN =
  /^its? |remedy|advice|whenDamaged|listing\(|\{(fault|message|reason|cause)\}\.?$|text\.slice|problems\.join|likelyCause|missingReason/i;

const leadsOn = ({ thrower, code, message }: ListedError) =>
  NEXT_STEP.test(message) ||
  FILLED_IN.test(message) ||
  ((thrower === 'assertArgument' || code !== undefined) && RULE.test(message));

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
    const odd = ERRORS.filter(({ message }) =>
      /\w\(s\)|AbortSignal|\berrno\b|undefined|!$/.test(message),
    );
    expect(odd.map(({ place, message }) => `${place} ${message}`)).toEqual([]);
  });
});
