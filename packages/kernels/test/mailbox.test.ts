import { describe, expect, it } from '@jest/globals';
import { awaitStart, createMailbox } from '../../src/threads/mailbox';

describe('awaitStart', () => {
  it('gives up where no thread begins to answer', () => {
    expect(() => awaitStart(createMailbox(), 0.01)).toThrow('did not start within 0.01 s');
  });
});
