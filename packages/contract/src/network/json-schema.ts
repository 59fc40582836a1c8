import { NODE_TYPES, type NodeTypeRow } from './node-types';

/** JSON Schema (draft 2020-12) of a network description, made of the table of node types. */
export function networkJsonSchema(): Readonly<Record<string, unknown>> {
  const triple = { type: 'array', items: { type: 'number' }, minItems: 3, maxItems: 3 };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A network of dlcmp',
    type: 'object',
    properties: {
      schemaVersion: { const: 1 },
      name: { type: 'string', minLength: 1 },
      normalisation: {
        type: 'object',
        properties: { mean: triple, standardDeviation: triple },
        required: ['mean', 'standardDeviation'],
        additionalProperties: false,
      },
      features: {
        type: 'array',
        items: { type: 'integer', minimum: 1 },
        minItems: 1,
        maxItems: 3,
      },
      nodes: {
        type: 'array',
        minItems: 1,
        items: { anyOf: Object.entries(NODE_TYPES).map(([type, row]) => nodeSchema(type, row)) },
      },
    },
    required: ['schemaVersion', 'name', 'nodes'],
    additionalProperties: false,
  };
}

function nodeSchema(type: string, { named, inputs, options = {} }: NodeTypeRow) {
  const count = { undefined: [1, 1], two: [2, 2], 'two or more': [2, undefined] }[`${inputs}`];
  const required = Object.entries(options).flatMap(([name, option]) =>
    option.default === undefined ? [name] : [],
  );
  return {
    type: 'object',
    properties: {
      type: { const: type },
      name: { type: 'string', pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$' },
      inputs: {
        type: 'array',
        items: { type: 'string' },
        minItems: count?.[0],
        ...(count?.[1] !== undefined && { maxItems: count[1] }),
      },
      ...Object.fromEntries(Object.entries(options).map(([name, { schema }]) => [name, schema])),
    },
    required: ['type', ...(named ? ['name'] : []), ...(inputs ? ['inputs'] : []), ...required],
    additionalProperties: false,
  };
}
