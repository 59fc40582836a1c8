import { DlcmpError, printableName } from '@dlcmp/contract';

/**
 * What can be wrong with an image folder:
 *
 * - `missing-split`: no training or no test images are found.
 * - `no-classes`: a split without class folders.
 * - `empty-class`: a class folder without files.
 * - `class-in-one-split`: a class that only one split has.
 * - `single-class`: one class alone, so that there is nothing to tell apart.
 * - `class-twice`: two class folders whose names differ in Unicode normalisation alone.
 * - `too-few-images`: a class of one image, of which none can be held back for testing.
 * - `symlink-loop`: a link that leads back to a folder above it, or to itself.
 * - `broken-link`: a link to nothing.
 * - `name-not-utf8`: a name whose bytes are not UTF-8.
 * - `unexpected-folder`: a folder where only images belong.
 * - `unreadable-folder`: a folder that the system refuses to list.
 * - `bad-image`: a file that cannot be read as an image.
 */
export type ProblemKind =
  | 'missing-split'
  | 'no-classes'
  | 'empty-class'
  | 'class-in-one-split'
  | 'single-class'
  | 'class-twice'
  | 'too-few-images'
  | 'symlink-loop'
  | 'broken-link'
  | 'name-not-utf8'
  | 'unexpected-folder'
  | 'unreadable-folder'
  | 'bad-image';

/** One thing wrong with a data set; `message` is a whole sentence that names the place. */
export interface DatasetProblem {
  readonly kind: ProblemKind;
  /** Absolute; bytes that are not UTF-8 show as `�`. */
  readonly path: string;
  readonly message: string;
}

/** Problems that an error's message lists before it says how many more there are. */
const MAX_LISTED = 100;

/** `headline`, then `lines` one a line, whatever the names in them, the long tail counted. */
export function listing(headline: string, lines: readonly string[]): string {
  const listed = lines.slice(0, MAX_LISTED).map((line) => `\n  - ${printableName(line)}`);
  const more = lines.length - listed.length;
  return headline + listed.join('') + (more > 0 ? `\n  … and ${more} more` : '');
}

/** Throws `INVALID_DATA` with all `problems` in its message, unless there are none. */
export function assertNoProblems(root: string, problems: readonly DatasetProblem[]): void {
  if (problems.length === 0) return;
  const messages = problems.map(({ message }) => message);
  throw new DlcmpError('INVALID_DATA', listing(`${root} cannot be used as a data set:`, messages));
}
