import * as z from 'zod/mini';

/** zod/mini comes without words: whatever is wrong is "Invalid input". */
const { localeError } = z.locales.en();

const SHOWN_FAULTS = 10;

/** The value as its schema has it, or what is wrong with it in words. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** `value` as `schema` has it; else each fault, beginning with the place where it is: `imageSizes.0: …`. */
export function parseSchema<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
): Parsed<z.output<S>> {
  const parsed = z.safeParse(schema, value, { error: localeError });
  if (parsed.success) return { value: parsed.data };
  const { issues } = parsed.error;
  const shown = issues.slice(0, SHOWN_FAULTS).map(describeIssue);
  // A file by a stranger can violate a schema in a million places.
  const rest = issues.length - shown.length;
  return { fault: [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ') };
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const place = path.join('.');
  return place === '' ? message : `${place}: ${message}`;
}
