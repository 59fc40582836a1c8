import type { DeferredStep, StepResult } from '@dlcmp/contract';

/** What a step leaves to be read: its loss, and the global norm of its gradients where they are clipped. */
export interface StepScalars<Scalar> {
  readonly loss: Scalar;
  readonly gradientNorm?: Scalar;
}

/** Steps that may still be computed; what they leave is read together. */
export class PendingSteps<Scalar> {
  readonly #read: (scalars: readonly Scalar[]) => Promise<Float32Array>;
  #scalars: Scalar[] = [];
  #values: Promise<Float32Array> | undefined;
  /** Tells the promise of those that are pending now. */
  #resolve: ((values: Promise<Float32Array>) => void) | undefined;
  /** Steps that nobody has read. */
  count = 0;

  /** @param read reads scalars, which it frees; what has to be waited for on the way it asks for at once */
  constructor(read: (scalars: readonly Scalar[]) => Promise<Float32Array>) {
    this.#read = read;
  }

  add({ loss, gradientNorm }: StepScalars<Scalar>): DeferredStep {
    this.#values ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.count++;
    const values = this.#values;
    const index = this.#scalars.push(loss) - 1;
    if (gradientNorm !== undefined) this.#scalars.push(gradientNorm);
    return {
      read: async (): Promise<StepResult> => {
        if (values === this.#values) this.settle();
        const numbers = await values;
        return {
          loss: numbers[index] as number,
          ...(gradientNorm !== undefined && { gradientNorm: numbers[index + 1] as number }),
        };
      },
    };
  }

  /** Asks for what every step so far has left. */
  settle(): void {
    if (this.count === 0) return;
    const [scalars, resolve] = [this.#scalars, this.#resolve];
    this.#scalars = [];
    this.#values = undefined;
    this.count = 0;
    const together = this.#read(scalars);
    // Whoever reads a step learns of a failure.
    together.catch(() => undefined);
    resolve?.(together);
  }
}
