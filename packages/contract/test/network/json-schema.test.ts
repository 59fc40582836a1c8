import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { networkJsonSchema } from '../../src';

it('is published as it is: "pnpm network-schema" writes docs/network.schema.json anew', async () => {
  const file = new URL('../../../../docs/network.schema.json', import.meta.url);
  const published: unknown = JSON.parse(await readFile(file, 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(networkJsonSchema())));
});
