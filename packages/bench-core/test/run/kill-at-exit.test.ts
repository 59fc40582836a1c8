import { describe, expect, it } from '@jest/globals';
import { killAtExit } from '../../src/run/kill-at-exit';

describe('killAtExit', () => {
  it('adds one listener, however many processes there are, and takes it away with the last', () => {
    const before = process.listenerCount('exit');
    const ended = Array.from({ length: 20 }, () => killAtExit(() => {}));
    expect(process.listenerCount('exit')).toBe(before + 1);
    for (const hasEnded of ended) hasEnded();
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('kills those that have not ended, and no others', () => {
    const killed: string[] = [];
    const before = process.listeners('exit');
    const ended = ['a', 'b', 'c'].map((name) => killAtExit(() => killed.push(name)));
    ended[1]?.();
    const [listener] = process.listeners('exit').filter((each) => !before.includes(each));
    listener?.(0);
    expect(killed).toEqual(['a', 'c']);
    ended[0]?.();
    ended[2]?.();
  });
});
