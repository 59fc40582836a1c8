/** Why one file is not usable as an image; `reason` completes the sentence "FILE …". */
export class BadImage extends Error {
  readonly reason: string;

  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.reason = reason;
  }
}

/** Whether an outcome of {@link orBadImage} is a result. */
export function isUsable<Result>(outcome: Result | BadImage): outcome is Result {
  return !(outcome instanceof BadImage);
}

/** What `read` gives, or the {@link BadImage} it throws; any other error passes through. */
export async function orBadImage<Result>(read: () => Promise<Result>): Promise<Result | BadImage> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BadImage) return error;
    throw error;
  }
}
