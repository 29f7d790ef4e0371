import { createHash } from 'node:crypto';
import type { Random } from './random';

/** The members of JSON Schema that the documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const MAX_DEPTH = 6;
const MAX_TEXT = 24;
const WORDS = ['notes', 'add a task: buy bread', 'list my tasks', 'Europe/Rome', 'FREQ=DAILY', '0 9 * * 1', '1.0.0'];
const PATTERNED = ['notes', '2026-01', '1', '10.1', 'abc', 'a'.repeat(64), WORDS[1], 'tasks'];
const FORMATS: Readonly<Record<string, string>> = {
  byte: 'AAAA',
  email: 'anna@example.org',
  'date-time': '2026-01-01T00:00:00Z',
  uri: 'https://example.org/',
};

/** Makes values that a schema admits. `ids` are identifiers that the server has returned, set before each use. */
export class SchemaValues {
  constructor(
    private readonly random: Random,
    private readonly schemas: Readonly<Record<string, Schema>>,
    public ids: readonly string[] = [],
  ) {}

  valid(schema: Schema, depth = 0): unknown {
    const { $ref, oneOf, anyOf, allOf } = schema;
    if ($ref !== undefined) return this.valid(this.schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}, depth);
    const alternatives = oneOf ?? anyOf;
    if (alternatives) return this.valid(this.random.pick(alternatives), depth);
    if (allOf) return Object.assign({}, ...allOf.map((part) => this.valid(part, depth)));
    if ('const' in schema) return schema.const;
    if (schema.enum) return this.random.pick(schema.enum);
    if (schema.example !== undefined && this.random.chance(0.5)) return schema.example;
    return this.ofType(schema, depth);
  }

  private ofType(schema: Schema, depth: number): unknown {
    const { type, properties } = schema;
    switch (typeof type === 'object' ? this.random.pick(type) : type) {
      case 'string':
        return this.text(schema);
      case 'integer':
      case 'number':
        return this.number(schema);
      case 'boolean':
        return this.random.chance(0.5);
      case 'array':
        return this.array(schema, depth);
      case 'null':
        return null;
      case undefined:
      default:
        return properties ? this.object(properties, schema.required ?? [], depth) : this.anything(depth);
    }
  }

  private object(properties: Readonly<Record<string, Schema>>, required: readonly string[], depth: number): unknown {
    const optional = depth > MAX_DEPTH ? 0 : 0.5;
    const names = Object.keys(properties).filter((name) => required.includes(name) || this.random.chance(optional));
    const made = Object.fromEntries(names.map((name) => [name, this.valid(properties[name] ?? {}, depth + 1)]));
    const { blob } = made;
    // Otherwise no write would ever be accepted.
    if (typeof blob !== 'string' || !('checksum' in made) || this.random.chance(0.1)) return made;
    return { ...made, checksum: createHash('sha256').update(Buffer.from(blob, 'base64')).digest('hex') };
  }

  private array({ items = {}, minItems = 0, maxItems = 3 }: Schema, depth: number): unknown[] {
    const length = depth > MAX_DEPTH ? minItems : Math.min(minItems + this.random.below(3), maxItems);
    return Array.from({ length }, () => this.valid(items, depth + 1));
  }

  private text({ pattern, format, minLength = 0, maxLength = MAX_TEXT }: Schema): string {
    if (pattern !== undefined) {
      const fitting = [...PATTERNED, this.id()].filter((text) => text !== undefined && new RegExp(pattern).test(text));
      return fitting.length > 0 ? String(this.random.pick(fitting)) : this.id();
    }
    if (format === 'uuid') return this.id();
    const known = FORMATS[format ?? ''];
    if (known !== undefined) return known;
    if (this.random.chance(0.3)) return this.random.pick(WORDS);
    const length = Math.min(maxLength, minLength + this.random.below(MAX_TEXT));
    return Array.from({ length }, () => String.fromCharCode(97 + this.random.below(26))).join('');
  }

  private number({ minimum = -10, maximum = 1e6 }: Schema): number {
    return this.random.pick([minimum, maximum, minimum + this.random.below(Math.min(maximum - minimum, 100) + 1)]);
  }

  private id(): string {
    return this.ids.length > 0 ? this.random.pick(this.ids) : '018f6f8e-7c00-7000-8000-000000000001';
  }

  private anything(depth: number): unknown {
    const members = depth > MAX_DEPTH ? [] : ['id', 'title', 'name', 'status', 'timezone'];
    return Object.fromEntries(members.filter(() => this.random.chance(0.4)).map((name) => [name, this.text({})]));
  }
}
