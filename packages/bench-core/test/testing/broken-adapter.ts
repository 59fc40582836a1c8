import type { Classifier, CnnAdapter, CnnClassifier, ForestAdapter } from '@dlcmp/contract';
import { createReferenceCnn, createReferenceForest } from '../../src/testing';

/** The reference with one thing broken, and the contract's cases that must notice. */
export interface BrokenAdapter<Kind> {
  readonly name: string;
  readonly adapter: Kind;
  readonly fails: readonly string[];
}

/** The reference forest with `change` made to each classifier that it creates or loads. */
export function breakForest(change: (classifier: Classifier) => Partial<Classifier>) {
  return breakForestAdapter((whole) => ({
    create: async (...asked) => withChange(await whole.create(...asked), change),
    load: async (...asked) => withChange(await whole.load(...asked), change),
  }));
}

/** The reference forest with `change` made to the adapter itself. */
export function breakForestAdapter(change: (whole: ForestAdapter) => Partial<ForestAdapter>) {
  const whole = createReferenceForest();
  return { ...whole, ...change(whole) };
}

/** The reference CNN with `change` made to each classifier that it creates or loads. */
export function breakCnn(change: (classifier: CnnClassifier) => Partial<CnnClassifier>) {
  return breakCnnAdapter((whole) => ({
    create: async (...asked) => withChange(await whole.create(...asked), change),
    load: async (...asked) => withChange(await whole.load(...asked), change),
  }));
}

/** The reference CNN with `change` made to the adapter itself. */
export function breakCnnAdapter(change: (whole: CnnAdapter) => Partial<CnnAdapter>) {
  const whole = createReferenceCnn();
  return { ...whole, ...change(whole) };
}

function withChange<Made extends object>(classifier: Made, change: (made: Made) => Partial<Made>) {
  return { ...classifier, ...change(classifier) };
}
