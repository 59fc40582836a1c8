/**
 * Writes docs/network.schema.json, the JSON Schema of a network's description, from the table of node types in
 * @dlcmp/contract, which must be built.
 */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { networkJsonSchema } from '../packages/contract/dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = 'docs/network.schema.json';
await writeFile(`${root}${path}`, JSON.stringify(networkJsonSchema(), null, 2));
const biome = 'node_modules/@biomejs/biome/bin/biome';
execFileSync(process.execPath, [biome, 'format', '--write', path], { cwd: root, stdio: 'inherit' });
