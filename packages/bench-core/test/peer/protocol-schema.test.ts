import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { peerProtocolJsonSchema } from '../../src/peer';

describe('the JSON Schema of the peer protocol', () => {
  it('is published as the code has it', async () => {
    const file = new URL('../../../../docs/peer-protocol.schema.json', import.meta.url);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(peerProtocolJsonSchema());
  });

  it('names every method with its parameters and its result', () => {
    const { methods } = peerProtocolJsonSchema().$defs as { methods: Record<string, object> };
    expect(Object.keys(methods)).toEqual(
      'describe create train gradients predict save usage dispose'.split(' '),
    );
    for (const method of Object.values(methods)) {
      expect(method).toMatchObject({ params: { type: 'object' }, result: { type: 'object' } });
    }
  });
});
