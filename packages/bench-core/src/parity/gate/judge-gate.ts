import type { Check } from '../../results/checks';
import type { GateOutcome } from './gate-outcome';
import { GATE_QUANTITIES, type GateQuantity } from './gate-quantities';
import type { FoundError } from './sample-errors';

/** A contender that went through the gate. */
export interface Observed {
  readonly name: string;
  readonly outcome: GateOutcome;
  /** How many times the usual error it may make: 1, more where products are rounded on purpose. */
  readonly slack: number;
  /** The learning rate of its steps. */
  readonly learningRate: number;
  /** Whether it trains batch norm. Default: false. */
  readonly trainsBatchNorm?: boolean;
  /** What it is held to by itself. */
  readonly ownChecks: readonly Check[];
}

/** What the others are held against where there is one. */
export interface Reference {
  readonly name: string;
  readonly outcome: GateOutcome;
}

export interface Judgement {
  /** By the contender's name. */
  readonly checks: ReadonlyMap<string, readonly Check[]>;
  /** Whether contenders disagree and nothing says who is wrong. */
  readonly undecided: boolean;
}

/** The learning rate that the limits were measured at. */
const USUAL_RATE = 1e-3;

type Rows = readonly (readonly [name: string, check: Check])[];

/**
 * Holds contenders against the reference where it has a quantity, else against the contender that most agree with, if that is
 * more than half of them. Where there is neither, whoever is known to be wrong by another check is taken not to be right in
 * this one; if the others still disagree, all of them fail.
 */
export function judgeGate(
  observed: readonly Observed[],
  reference: Reference | undefined,
): Judgement {
  const decided = GATE_QUANTITIES.map((quantity) => decide(quantity, observed, reference));
  const wrong = new Set(observed.filter(({ ownChecks }) => !ownChecks.every(isPassed)).map(nameOf));
  for (const [name, { passed }] of decided.flatMap((rows) => rows ?? []))
    if (!passed) wrong.add(name);
  let undecided = false;
  const rows = GATE_QUANTITIES.flatMap((quantity, at) => {
    const known = decided[at];
    if (known) return known;
    const others = judgeAmongOthers(quantity, observed, wrong);
    undecided ||= others.undecided;
    return others.rows;
  });
  const checks = observed.map(({ name, ownChecks }) => {
    const own = rows.flatMap(([whose, check]) => (whose === name ? [check] : []));
    return [name, [...ownChecks, ...own]] as const;
  });
  return { checks: new Map(checks), undecided };
}

function nameOf({ name }: Observed): string {
  return name;
}

function isPassed({ passed }: Check): boolean {
  return passed;
}

/** Undefined where neither the reference nor a majority has the quantity. */
function decide(
  quantity: GateQuantity,
  observed: readonly Observed[],
  reference: Reference | undefined,
): Rows | undefined {
  const known = reference && observed.some((own) => errorOf(quantity, own, reference));
  if (reference && known) return against(quantity, observed, reference, '');
  const able = observed.filter((own) => errorOf(quantity, own, own));
  if (able.length < 2) return [];
  const { center, supporters } = findCenter(quantity, able);
  if (supporters < 2 || 2 * supporters <= able.length) return undefined;
  return against(quantity, able, center, `, with which ${supporters} of ${able.length} agree`);
}

function judgeAmongOthers(
  quantity: GateQuantity,
  observed: readonly Observed[],
  wrong: ReadonlySet<string>,
): { rows: Rows; undecided: boolean } {
  const able = observed.filter((own) => errorOf(quantity, own, own));
  const right = able.filter(({ name }) => !wrong.has(name));
  const [first] = right;
  if (first && right.every((own) => errorBetween(quantity, own, first) <= limitOf(quantity, own))) {
    return { rows: against(quantity, able, first, ', which passes all else'), undecided: false };
  }
  const rows = able.map((own) => [own.name, disagreement(quantity, own, able)] as const);
  return { rows, undecided: right.length > 0 };
}

function against(
  quantity: GateQuantity,
  observed: readonly Observed[],
  standard: Reference,
  share: string,
): Rows {
  return observed.flatMap((own) => {
    const error = errorOf(quantity, own, standard);
    if (!error) return [];
    const other = own.name === standard.name ? 'all others' : `${standard.name}${share}`;
    return [[own.name, toCheck(quantity, own, error, `against ${other}`)] as const];
  });
}

/** The contender that most agree with, itself counted; among equals the one that is nearest to the others. */
function findCenter(quantity: GateQuantity, able: readonly Observed[]) {
  const candidates = able.map((center) => {
    const errors = able.map((own) => errorBetween(quantity, own, center));
    const supporters = able.filter(
      (own, at) => (errors[at] as number) <= limitOf(quantity, own),
    ).length;
    return { center, supporters, distance: errors.reduce((sum, error) => sum + error, 0) };
  });
  candidates.sort((a, b) => b.supporters - a.supporters || a.distance - b.distance);
  return candidates[0] as (typeof candidates)[number];
}

function disagreement(quantity: GateQuantity, own: Observed, able: readonly Observed[]): Check {
  const others = able
    .filter((other) => other !== own)
    .map((other) => ({ other, error: errorBetween(quantity, own, other) }))
    .sort((a, b) => a.error - b.error);
  const nearest = others[0] as (typeof others)[number];
  const detail = `against ${nearest.other.name}; neither a reference nor a majority says which is wrong`;
  return toCheck(quantity, own, { figure: nearest.error }, detail);
}

function errorBetween(quantity: GateQuantity, own: Observed, other: Reference): number {
  const { figure } = errorOf(quantity, own, other) ?? { figure: Number.NaN };
  return Number.isNaN(figure) ? Number.POSITIVE_INFINITY : figure;
}

function errorOf(quantity: GateQuantity, own: Observed, other: Reference) {
  const { error = quantity.error } = (own.trainsBatchNorm && quantity.withBatchNorm) || quantity;
  return error(own.outcome, other.outcome);
}

function limitOf(quantity: GateQuantity, own: Observed): number {
  const { growsWithRate = false, withBatchNorm = quantity } = quantity;
  const { limit } = own.trainsBatchNorm ? withBatchNorm : quantity;
  const growth = growsWithRate ? Math.max(1, own.learningRate / USUAL_RATE) : 1;
  return limit * own.slack * growth;
}

function toCheck(quantity: GateQuantity, own: Observed, error: FoundError, detail: string): Check {
  const limit = limitOf(quantity, own);
  return {
    id: quantity.id,
    proves: quantity.proves,
    passed: error.figure <= limit,
    figure: Number.isFinite(error.figure) ? error.figure : null,
    limit,
    detail: error.where === undefined ? detail : `${error.where}, ${detail}`,
  };
}
