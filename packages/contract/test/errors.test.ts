import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { assertArgument, DlcmpError, isDlcmpError, throwIfAborted } from '../src';

/** What another copy of this package, loaded beside this one, would throw. */
class DlcmpErrorOfAnotherCopy extends Error {
  override readonly name = 'DlcmpError';
  readonly code = 'ABORTED';
}

describe('isDlcmpError', () => {
  it('knows an error by its code', () => {
    const error = new DlcmpError('DISPOSED', 'gone');
    expect(isDlcmpError(error)).toBe(true);
    expect(isDlcmpError(error, 'DISPOSED')).toBe(true);
    expect(isDlcmpError(error, 'ABORTED')).toBe(false);
  });

  it('knows an error of another copy of the package', () => {
    expect(isDlcmpError(new DlcmpErrorOfAnotherCopy('stop'), 'ABORTED')).toBe(true);
  });

  it('knows an error of another realm', () => {
    const script = "Object.assign(new Error('stop'), { name: 'DlcmpError', code: 'ABORTED' })";
    const foreign: unknown = runInNewContext(script);
    expect(foreign).not.toBeInstanceOf(Error);
    expect(isDlcmpError(foreign, 'ABORTED')).toBe(true);
  });

  it.each([
    new Error('other'),
    { name: 'DlcmpError', code: 'ABORTED' },
    'DlcmpError',
    null,
    undefined,
  ])('does not take %p for one', (value) => {
    expect(isDlcmpError(value)).toBe(false);
  });
});

describe('DlcmpError', () => {
  it('carries message, code and cause', () => {
    const cause = new Error('first');
    const error = new DlcmpError('INVALID_FILE', 'second', { cause });
    expect(error).toMatchObject({ name: 'DlcmpError', code: 'INVALID_FILE', message: 'second' });
    expect(error.cause).toBe(cause);
  });
});

describe('assertArgument', () => {
  it('throws its message with INVALID_ARGUMENT, only where the condition fails', () => {
    assertArgument(true, 'fine');
    expect(() => assertArgument(false, 'seed is missing.')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: 'seed is missing.' }),
    );
  });
});

describe('throwIfAborted', () => {
  it("throws ABORTED with the signal's reason as its cause", () => {
    const reason = new Error('user pressed Ctrl-C');
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(
      expect.objectContaining({ code: 'ABORTED', cause: reason }),
    );
  });

  it('lets work go on without a signal or before it fires', () => {
    throwIfAborted(undefined);
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  });
});
