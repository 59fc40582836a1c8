/* A process of its own that loads the library whose files are its arguments, and prints its version. */
import { writeSync } from 'node:fs';
import { loadLibrary } from './library/load-library';

const STANDARD_OUTPUT = 1;

writeSync(STANDARD_OUTPUT, loadLibrary(process.argv.slice(2)).c.TF_Version());
