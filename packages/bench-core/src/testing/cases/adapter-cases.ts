import assert from 'node:assert/strict';
import type { BackendProbe } from '@dlcmp/contract';
import { assertRejects } from '../assertions';
import type { ClassifierContractCase } from '../contract-case';
import { CONTRACT_SPEC } from '../contract-data';

const BAD_SPECS = {
  'an inputHeight of 0': { inputHeight: 0 },
  'a broken inputWidth': { inputWidth: 12.5 },
  'a single class': { classNames: ['forest'] },
  'two classes of one name': { classNames: ['forest', 'forest'] },
  'a negative seed': { seed: -1 },
  'a seed beyond 32 bits': { seed: 2 ** 32 },
  'a broken seed': { seed: 0.5 },
};

/** What an adapter says of itself, and what its `create` refuses. */
export const adapterCases: readonly ClassifierContractCase[] = [
  {
    family: 'any',
    name: 'describes itself',
    proves: 'Reports, file names and options are built from id, displayName and family.',
    async run({ adapter, expected }) {
      assert.match(adapter.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'id must be kebab-case.');
      assert(adapter.displayName.trim().length > 0, 'displayName must not be empty.');
      assert.equal(adapter.family, expected.family, 'family must be the expected one.');
    },
  },
  {
    family: 'any',
    name: 'probes its backends without throwing',
    proves: 'Users learn what can run here, in which version, and why the rest cannot.',
    async run({ adapter, expected }) {
      const probes = await adapter.probe().catch((error: unknown) => {
        assert.fail(`probe must not throw, but threw ${String(error)}`);
      });
      const names = probes.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, `probe repeats a backend: ${names.join()}.`);
      probes.forEach(assertProbe);
      const underTest = probes.find(({ name }) => name === expected.backend);
      assert(underTest, `probe does not name ${expected.backend}, only ${names.join()}.`);
      assert(underTest.available, `The backend ${expected.backend} is declared, but cannot run.`);
    },
  },
  {
    family: 'any',
    name: 'create refuses a spec out of range',
    proves: "A caller's mistake is named before a framework turns it into something obscure.",
    async run({ create }) {
      await create();
      for (const [what, changes] of Object.entries(BAD_SPECS)) {
        await assertRejects(() => create(changes), 'INVALID_ARGUMENT', `create with ${what}`);
      }
    },
  },
  {
    family: 'any',
    name: 'create refuses a backend it does not have',
    proves: 'A misspelt backend never falls back to another one, which would be timed instead.',
    async run({ adapter, create }) {
      await create();
      await assertRejects(
        async () => (await adapter.create(CONTRACT_SPEC, { backend: 'abacus' })).dispose(),
        ['INVALID_ARGUMENT', 'BACKEND_UNAVAILABLE'],
        'create with the backend "abacus"',
      );
    },
  },
];

function assertProbe(probe: BackendProbe): void {
  if (probe.available) {
    assert(probe.device.length > 0, `${probe.name} must name its device.`);
    const versions = Object.entries(probe.versions);
    assert(versions.length > 0, `${probe.name} must give at least one library's version.`);
    for (const [library, version] of versions) {
      assert(version.length > 0, `${probe.name} gives no version of ${library}.`);
    }
  } else {
    assert(probe.reason.length > 0, `${probe.name} must say why it cannot run.`);
  }
}
