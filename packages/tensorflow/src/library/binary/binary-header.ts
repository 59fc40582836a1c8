/** What the headers of a shared library say of it. */
export interface BinaryHeader {
  /** As `process.arch` has it, else the format's own number. */
  readonly architecture: string;
  /** Bytes that the file must have at least. */
  readonly size: number;
  /** Whether tables that stand near the file's end are filled in: a file that was not written to its end may have zeros there. */
  readonly isFilled: boolean;
}

/** Reads from a file; throws where it ends before that. */
export type ReadBytes = (offset: number, length: number) => Buffer;

/** Reads the headers of one format; undefined where a file is of another one. */
export type ReadHeader = (read: ReadBytes, architecture: string) => BinaryHeader | undefined;
