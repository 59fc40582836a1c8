import {
  type Classifier,
  type CnnAdapter,
  type CnnClassifier,
  defineNetworkAdapter,
  type Engine,
  type ForestAdapter,
  type TrainableModel,
} from '@dlcmp/contract';
import { referenceEngine } from '../../src/reference-network/reference-engine';
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

/** The reference CNN with `change` made to the model that its engine opens. */
export function breakModel(change: (model: TrainableModel) => Partial<TrainableModel>): CnnAdapter {
  const open: Engine['open'] = async (...asked) =>
    withChange(await referenceEngine.open(...asked), change);
  const { id, displayName, frameworkDefaults } = createReferenceCnn();
  const engines = [{ ...referenceEngine, open }];
  return defineNetworkAdapter({ id, displayName, frameworkDefaults, engines });
}

/** The reference CNN with `change` made to the adapter itself. */
export function breakCnnAdapter(change: (whole: CnnAdapter) => Partial<CnnAdapter>) {
  const whole = createReferenceCnn();
  return { ...whole, ...change(whole) };
}

function withChange<Made extends object>(classifier: Made, change: (made: Made) => Partial<Made>) {
  return { ...boundMethods(classifier), ...change(classifier) };
}

/** A classifier's methods as an object's own, so that some can be replaced. */
export function boundMethods<Made extends object>(made: Made): Made {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(made)).flatMap((name) => {
    const method: unknown = Reflect.get(made, name);
    return typeof method === 'function' && name !== 'constructor'
      ? [[name, method.bind(made)]]
      : [];
  });
  return { ...made, ...Object.fromEntries(methods) };
}
