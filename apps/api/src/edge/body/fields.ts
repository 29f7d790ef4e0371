import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

/** What OpenAPI says of a field of a request. An `optional` one may be left out or null. */
interface FieldSchema {
  readonly optional?: boolean;
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly description?: string;
  readonly example?: string;
  readonly default?: unknown;
  readonly format?: string;
}

interface StringSchema extends FieldSchema {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
}

interface IntegerSchema extends FieldSchema {
  readonly minimum?: number;
  readonly maximum?: number;
}

interface ListSchema extends FieldSchema {
  readonly minItems?: number;
  readonly maxItems?: number;
}

export const EMAIL_MAX = 254;
/** A moment, in requests and answers. */
export const TIME = { type: 'integer', format: 'int64', description: 'Milliseconds since the Unix epoch' } as const;

/** A text within the limits of its schema. */
export function StringField({ optional, ...schema }: StringSchema = {}): PropertyDecorator {
  const { pattern } = schema;
  return field(
    optional,
    { ...schema, type: String, ...(pattern && { pattern: pattern.source }) },
    ...(pattern ? [Matches(pattern)] : []),
    ...lengths(schema),
    IsString(),
  );
}

/** An integer within the limits of its schema. */
export function IntegerField({ optional, ...schema }: IntegerSchema = {}): PropertyDecorator {
  const { minimum, maximum } = schema;
  return field(
    optional,
    { ...schema, type: 'integer' },
    ...(maximum === undefined ? [] : [Max(maximum)]),
    ...(minimum === undefined ? [] : [Min(minimum)]),
    IsInt(),
  );
}

export function BooleanField({ optional, ...schema }: FieldSchema = {}): PropertyDecorator {
  return field(optional, schema, IsBoolean());
}

/** An e-mail address. */
export function EmailField(schema: Omit<FieldSchema, 'optional'> = {}): PropertyDecorator {
  return field(false, { format: 'email', maxLength: EMAIL_MAX, ...schema }, MaxLength(EMAIL_MAX), IsEmail());
}

/** Members of any name. */
export function ObjectField({ optional, ...schema }: Omit<FieldSchema, 'required'> = {}): PropertyDecorator {
  return field(optional, { type: 'object', additionalProperties: true, ...schema }, IsObject());
}

/** A list of another DTO. */
export function ListField(item: new () => object, { optional, ...schema }: ListSchema): PropertyDecorator {
  const { minItems, maxItems } = schema;
  return field(
    optional,
    { type: [item], ...schema },
    Type(() => item),
    ValidateNested({ each: true }),
    IsObject({ each: true }),
    ...(maxItems === undefined ? [] : [ArrayMaxSize(maxItems)]),
    ...(minItems === undefined ? [] : [ArrayMinSize(minItems)]),
    IsArray(),
  );
}

/** One of these values. */
export function EnumField(
  values: readonly (string | number)[],
  { optional, ...schema }: FieldSchema = {},
): PropertyDecorator {
  return field(optional, { enum: [...values], ...schema }, IsIn(values));
}

function lengths({ minLength, maxLength }: StringSchema): PropertyDecorator[] {
  if (maxLength === undefined) return minLength === undefined ? [] : [MinLength(minLength)];
  return [minLength === undefined ? MaxLength(maxLength) : Length(minLength, maxLength)];
}

/** In the order in which stacked decorators are evaluated, from the last to the first: the pipe tells the last fault, that of the type. */
function field(
  optional: boolean | undefined,
  schema: ApiPropertyOptions,
  ...validators: PropertyDecorator[]
): PropertyDecorator {
  return optional
    ? applyDecorators(...validators, IsOptional(), ApiPropertyOptional(schema))
    : applyDecorators(...validators, ApiProperty(schema));
}
