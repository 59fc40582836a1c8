import { describe, expect, it } from '@jest/globals';
import { environmentsOf } from '../src/deployment/environments';
import { type MachineTraits, machineAdvice } from '../src/deployment/machine-advice';

const usual: MachineTraits = {
  platform: 'linux',
  architecture: 'x64',
  hasMusl: false,
  forbidsScripts: false,
};

describe('what doctor says of a machine', () => {
  it('is nothing where native libraries can be installed and loaded', () => {
    expect(machineAdvice(usual)).toEqual([]);
    expect(machineAdvice({ ...usual, platform: 'darwin', architecture: 'arm64' })).toEqual([]);
  });

  it.each<[string, Partial<MachineTraits>, readonly string[]]>([
    ['musl', { hasMusl: true }, ['musl', 'issues/12439', 'tfjs:wasm', 'bookworm-slim']],
    ['a Mac on Intel', { platform: 'darwin', architecture: 'x64' }, ['Intel', 'issues/27961']],
    ['scripts forbidden', { forbidsScripts: true }, ['install script', 'dlcmp setup tensorflow']],
  ])('names %s, why, where that is said, and what to do', (_, changes, words) => {
    const lines = machineAdvice({ ...usual, ...changes });
    expect(lines).toHaveLength(1);
    for (const word of words) expect(lines[0]).toContain(word);
  });

  it('rests on facts about the same six environments for each runtime, each with its source', () => {
    const [onnx, ...others] = (['onnxruntime', 'tensorflow', 'javascript'] as const).map(
      environmentsOf,
    );
    expect(onnx).toHaveLength(6);
    for (const each of [onnx, ...others].flat()) {
      expect(each).toMatchObject({
        why: expect.stringMatching(/./),
        source: expect.stringMatching(/./),
      });
    }
    const names = (list = onnx) => list?.map(({ environment }) => environment);
    for (const other of others) expect(names(other)).toEqual(names(onnx));
  });
});
