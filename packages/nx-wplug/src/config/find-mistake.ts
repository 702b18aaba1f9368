/** What ajv says of a mistake: https://ajv.js.org/api.html#error-objects */
export interface SchemaError {
  /** A JSON pointer to the value: `/contracts/0`. */
  readonly instancePath: string;
  /** A JSON pointer to the rule: `#/oneOf/1/required`. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A check that ajv made of a schema. It leaves behind what it found. */
interface Check {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/**
 * The mistake in a value that its author should hear of first; undefined if there is none. Defaults of the schema are
 * written into the value.
 *
 * @param check of those in `gen/`, which have no types
 */
export function findMistake(check: unknown, value: unknown): SchemaError | undefined {
  const checked = check as Check;
  if (checked(value)) return undefined;
  const errors = checked.errors ?? [];
  // Whoever misspells a key is told so, not that another one is missing.
  return errors.find(({ keyword }) => keyword === "additionalProperties") ?? errors[0];
}
