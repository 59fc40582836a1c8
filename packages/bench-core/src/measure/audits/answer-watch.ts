import type { LabelledImages } from '@dlcmp/contract';
import type { Check } from '../../results/checks';
import { judged } from './audit-definitions';

/** Answers kept while a clock runs, and held against those that the accuracy was taken from. */
export class AnswerWatch {
  readonly #checked: Float32Array;
  readonly #classes: number;
  readonly #images: number;
  readonly #kept: {
    readonly what: string;
    readonly first: number;
    readonly answers: Float32Array;
  }[] = [];

  /** @param checked probabilities of all `images`: [count × classes] */
  constructor(checked: Float32Array, { count }: Pick<LabelledImages, 'count'>) {
    this.#checked = checked;
    this.#images = count;
    this.#classes = checked.length / count;
  }

  /** Keeps `answers` for the images from `first` on, going round; `what` was being measured. */
  keep(what: string, first: number, answers: Float32Array): void {
    this.#kept.push({ what, first, answers });
  }

  checks(): Check[] {
    const all = [{ what: 'inference', first: 0, answers: this.#checked }, ...this.#kept];
    const worst = worstOf(
      all.map(({ what, answers }) => ({ what, figure: this.#farFromOne(answers) })),
    );
    const other = worstOf(
      this.#kept.map((kept) => ({ what: kept.what, figure: this.#difference(kept) })),
    );
    return [
      judged('probabilities', worst.figure, worst.what),
      judged('timed-answers', other.figure, other.what),
    ];
  }

  /** How far a row's sum is from 1 at most; without bound where a probability is none. */
  #farFromOne(answers: Float32Array): number {
    let worst = 0;
    for (let start = 0; start < answers.length; start += this.#classes) {
      const row = answers.subarray(start, start + this.#classes);
      if (!row.every((value) => value >= 0)) return Number.POSITIVE_INFINITY;
      worst = Math.max(worst, Math.abs(row.reduce((sum, value) => sum + value, 0) - 1));
    }
    return worst;
  }

  #difference({
    first,
    answers,
  }: {
    readonly first: number;
    readonly answers: Float32Array;
  }): number {
    const rows = answers.length / this.#classes;
    let worst = 0;
    for (let row = 0; row < rows; row++) {
      const image = (first + row) % this.#images;
      for (let k = 0; k < this.#classes; k++) {
        const checked = this.#checked[image * this.#classes + k] as number;
        worst = atLeast(worst, Math.abs((answers[row * this.#classes + k] as number) - checked));
      }
    }
    return worst;
  }
}

/** Largest difference of two rows of answers; without bound where they are not of one length, or no numbers. */
export function largestDifference(
  left: Float32Array | Float64Array,
  right: ArrayLike<number>,
): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  left.forEach((value, at) => {
    worst = atLeast(worst, Math.abs(value - (right[at] as number)));
  });
  return worst;
}

function atLeast(worst: number, value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.max(worst, value);
}

function worstOf(figures: readonly { readonly what: string; readonly figure: number }[]) {
  return figures.reduce((worst, next) => (next.figure > worst.figure ? next : worst), {
    what: 'none was larger',
    figure: 0,
  });
}
