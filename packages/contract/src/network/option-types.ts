import { assertArgument } from '../errors';
import type { Padding, Pair } from './network-description';

type JsonSchema = Readonly<Record<string, unknown>>;

/** One option of a node: what it may be, in words, as a check and as JSON Schema. */
export interface OptionType<Value = unknown> {
  /** Completes "… must be". */
  readonly words: string;
  readonly schema: JsonSchema;
  /** Whether it may be left out; then this is its value. */
  readonly default?: Value;
  accepts(value: unknown): boolean;
}

const isWhole = (least: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= least;

/** A whole number of at least `least`. */
export function wholeNumber(least: number, initial?: number): OptionType<number> {
  return {
    words: `a whole number ≥ ${least}`,
    schema: { type: 'integer', minimum: least },
    ...(initial !== undefined && { default: initial }),
    accepts: isWhole(least),
  };
}

/** {@link Pair} of whole numbers of at least `least`. */
export function pair(least: number, initial?: number): OptionType<Pair> {
  const number = { type: 'integer', minimum: least };
  return {
    words: `a whole number ≥ ${least}, or [height, width] of two`,
    schema: { anyOf: [number, { type: 'array', items: number, minItems: 2, maxItems: 2 }] },
    ...(initial !== undefined && { default: initial }),
    accepts: (value) => isWhole(least)(value) || isPair(value, isWhole(least)),
  };
}

const SIDES = ['top', 'bottom', 'left', 'right'] as const;

/** {@link Padding}. */
export function padding(): OptionType<Padding> {
  const zeros = { type: 'integer', minimum: 0 };
  const sides = {
    type: 'object',
    properties: Object.fromEntries(SIDES.map((side) => [side, zeros])),
    required: SIDES,
    additionalProperties: false,
  };
  return {
    words: 'a whole number ≥ 0, [vertical, horizontal], { top, bottom, left, right }, or "same"',
    schema: { anyOf: [...(pair(0).schema.anyOf as JsonSchema[]), sides, { const: 'same' }] },
    default: 0,
    accepts: (value) => value === 'same' || pair(0).accepts(value) || isSides(value),
  };
}

function isPair(value: unknown, accepts: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(accepts);
}

function isSides(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const given = value as Record<string, unknown>;
  return (
    Object.keys(given).length === SIDES.length && SIDES.every((side) => isWhole(0)(given[side]))
  );
}

export function flag(initial: boolean): OptionType<boolean> {
  return {
    words: 'true or false',
    schema: { type: 'boolean' },
    default: initial,
    accepts: (value) => typeof value === 'boolean',
  };
}

/** A number between the bounds; a bound is left out itself where `schema` says exclusive. */
export function fraction(
  initial: number,
  words: string,
  bounds: {
    readonly minimum?: number;
    readonly exclusiveMinimum?: number;
    readonly maximum?: number;
    readonly exclusiveMaximum?: number;
  },
): OptionType<number> {
  return {
    words,
    schema: { type: 'number', ...bounds },
    default: initial,
    accepts: (value) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value >= (bounds.minimum ?? -Infinity) &&
      value > (bounds.exclusiveMinimum ?? -Infinity) &&
      value <= (bounds.maximum ?? Infinity) &&
      value < (bounds.exclusiveMaximum ?? Infinity),
  };
}

export function oneOf<Value extends string>(
  values: readonly Value[],
  initial: Value,
): OptionType<Value> {
  return {
    words: `one of ${values.join(', ')}`,
    schema: { enum: values },
    default: initial,
    accepts: (value) => values.includes(value as Value),
  };
}

/** Units of a dense layer. */
export function units(): OptionType<number | 'classes'> {
  return {
    words: 'a whole number ≥ 1, or "classes"',
    schema: { anyOf: [{ type: 'integer', minimum: 1 }, { const: 'classes' }] },
    accepts: (value) => value === 'classes' || isWhole(1)(value),
  };
}

/**
 * `given` with the defaults of `types`; options without default and value stay out.
 *
 * @param node names the node in errors, e.g. `conv2d "conv1"`
 * @throws `INVALID_ARGUMENT` naming the option that is unknown, missing or out of range
 */
export function readOptions(
  node: string,
  types: Readonly<Record<string, OptionType>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.keys(types);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  assertArgument(
    unknown === undefined,
    `${node} has no option "${unknown}". ${known.length > 0 ? `Its options: ${known.join(', ')}.` : 'It has none.'}`,
  );
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => {
      const value = given[name] ?? type.default;
      assertArgument(
        value !== undefined && type.accepts(value),
        value === undefined
          ? `${node} needs ${name}: ${type.words}.`
          : `${node}: ${name} must be ${type.words}, not ${JSON.stringify(value)}.`,
      );
      return [name, value];
    }),
  );
}
