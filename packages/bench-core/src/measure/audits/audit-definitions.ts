import type { Check } from '../../results/checks';

interface AuditDefinition {
  /** What holds where the figure is within the limit. */
  readonly proves: string;
  readonly limit: number;
  /** In the place of `limit` where a GPU may compute products in TF32, of three digits. */
  readonly tf32Limit?: number;
}

/**
 * What a trial checks about itself, after MLPerf's compliance tests
 * (https://github.com/mlcommons/inference/tree/master/compliance). docs/method.md says how each figure comes about, and why
 * its limit is where it is.
 */
export const AUDITS = {
  'planned-steps': {
    proves: 'Each step of the plan was taken once and gave its loss, and each epoch ended.',
    limit: 0,
  },
  'planned-images': {
    proves: 'Each training image was fetched once an epoch.',
    limit: 0,
  },
  'moving-weights': { proves: 'Every epoch changed the weights.', limit: 0 },
  'weights-at-rest': { proves: 'Nothing was trained once the last epoch was over.', limit: 0 },
  'evaluation-time': {
    proves: 'No training is hidden in the evaluations between epochs, which no clock counts.',
    limit: 3,
  },
  'training-again': {
    proves: 'Steps on images never seen before take as long as those that were timed.',
    limit: 3,
  },
  'own-clock': {
    proves: 'The time that a peer reports fits into the one measured around it.',
    limit: 1.05,
  },
  'outside-clock': {
    proves: 'The times that a trial measures are those that another process measured from outside.',
    limit: 0.1,
  },
  probabilities: {
    proves: 'All answers are finite, and those for an image sum to 1.',
    limit: 1e-4,
  },
  softmax: { proves: 'Probabilities are the softmax of the scores.', limit: 1e-4, tf32Limit: 0.02 },
  'answers-of-weights': {
    proves: 'Answers are those of the trained weights, worked out in float64.',
    limit: 2e-4,
    tf32Limit: 0.05,
  },
  'timed-answers': {
    proves: 'Answers given while a clock ran are those that the accuracy was taken from.',
    limit: 1e-4,
    tf32Limit: 0.02,
  },
  'batch-size': {
    proves: 'An answer does not depend on how many images are asked about.',
    limit: 1e-4,
    tf32Limit: 0.02,
  },
  'unseen-latency': {
    proves: 'A single image never seen before takes as long as one that was.',
    limit: 1.5,
  },
  'unseen-batches': {
    proves: 'A batch of images never seen before takes as long as one that was.',
    limit: 1.5,
  },
  'saved-answers': {
    proves: 'The saved model answers as the trained one.',
    limit: 1e-4,
    tf32Limit: 0.02,
  },
  'saved-accuracy': { proves: 'The saved model is as accurate as the trained one.', limit: 0.005 },
} satisfies Record<string, AuditDefinition>;

export type AuditId = keyof typeof AUDITS;

/** `check` by the limit for TF32. */
export function judgedInTf32(check: Check): Check {
  const { tf32Limit }: AuditDefinition = AUDITS[check.id as AuditId];
  if (tf32Limit === undefined) return check;
  return { ...check, limit: tf32Limit, passed: check.figure !== null && check.figure <= tf32Limit };
}

/** A row for the table: passed where `figure` is a number within the limit. */
export function judged(id: AuditId, figure: number, detail?: string): Check {
  const { proves, limit } = AUDITS[id];
  return {
    ...{ id, proves, limit },
    passed: figure <= limit,
    figure: Number.isFinite(figure) ? figure : null,
    ...(detail !== undefined && { detail }),
  };
}
