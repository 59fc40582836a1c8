import { DlcmpError } from '@dlcmp/contract';

/** An archive that is not complete or not as it was made: a fresh copy may be sound. */
export class DamagedArchive extends DlcmpError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('INVALID_FILE', message, options);
  }
}

/** Why an archive is not unpacked though it is as it was made; a fresh copy would be no better. */
export class RefusedArchive extends Error {
  /** The next step, in a sentence. */
  readonly remedy: string;

  /** @param fault completes the sentence "ARCHIVE …" */
  constructor(fault: string, remedy: string) {
    super(fault);
    this.remedy = remedy;
  }
}

/** For archives that only a program with other means, or less care, unpacks. */
export const UNPACK_YOURSELF =
  'Where you trust it, unpack it yourself and pass the folder with --data.';
