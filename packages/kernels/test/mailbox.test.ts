import { describe, expect, it } from '@jest/globals';
import { Mailbox } from '../src/mailbox';

describe('Mailbox', () => {
  it('gives up where no thread begins to answer', () => {
    expect(() => new Mailbox().awaitStart(0.01)).toThrow('did not start within 0.01 s');
  });
});
