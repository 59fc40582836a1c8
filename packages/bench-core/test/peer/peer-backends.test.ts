import { expect, it } from '@jest/globals';
import { peerEngines, peerProbes } from '../../src/peer/peer-backends';
import type { PeerManifest } from '../../src/peer/peer-manifest';

const MANIFEST: PeerManifest = {
  ...{ id: 'fake', displayName: 'Fake', family: 'cnn', install: '', directory: '/' },
  command: ['fake'],
  backends: ['cpu', 'cuda'],
};
const ENGINES = [
  { id: 'stock', title: 'Fake as it comes' },
  { id: 'best', title: 'Fake at its best' },
];
const CPU = { name: 'cpu', available: true, device: 'CPU', versions: { fake: '1' } } as const;
const PARTS = [{ part: 'convolution', what: 'compiled' }];

it('is one engine, stock, where its manifest names none', () => {
  expect(peerEngines(MANIFEST)).toMatchObject([
    { id: 'stock', title: 'Fake', computedBy: [{ part: 'everything', by: 'framework' }] },
  ]);
});

it('says of each engine on each device what the peer said of it, or that it said nothing', () => {
  const probes = peerProbes({ ...MANIFEST, engines: ENGINES }, [
    { ...CPU, engine: 'stock' },
    { ...CPU, engine: 'best', computedBy: PARTS },
    { name: 'cuda', available: false, reason: 'There is no GPU.' },
  ]);
  expect(probes).toEqual([
    { ...CPU, name: 'stock' },
    { name: 'stock@cuda', available: false, reason: 'There is no GPU.' },
    { ...CPU, name: 'best', computedBy: [{ ...PARTS[0], by: 'framework' }] },
    { name: 'best@cuda', available: false, reason: 'There is no GPU.' },
  ]);
  const [, said] = peerProbes(MANIFEST, [CPU]);
  expect(said).toMatchObject({ available: false, reason: 'It says nothing of "stock@cuda".' });
});
