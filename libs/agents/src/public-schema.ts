/** Members of a JSON schema whose members are schemas under names of the author's choice. */
const NAMED_SCHEMAS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions']);
/** Members whose values are data and not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'required', 'default', 'examples']);

/** The schema without the descriptions, which are written for models; a property may still be called `description`. */
export function withoutDescriptions(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === 'description' || key === 'title') return [];
      if (DATA.has(key)) return [[key, value]];
      if (NAMED_SCHEMAS.has(key) && isObject(value)) {
        return [[key, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, stripped(inner)]))]];
      }
      return [[key, stripped(value)]];
    }),
  );
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  return isObject(value) ? withoutDescriptions(value) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
