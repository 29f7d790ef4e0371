import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { Problem, type FieldError } from '@adiuva/kernel';

type DtoClass<T extends object> = new () => T;

const PLAIN_TYPES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object, undefined]);
const MAX_ERRORS = 50;
/** Where `@ApiProperty` keeps what it says of a field, and the names of all fields, on the prototype of their class. */
const API_PROPERTY = 'swagger/apiModelProperties';
const API_PROPERTIES = 'swagger/apiModelPropertiesArray';
const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
};

/** Holds bodies and queries against their DTO: unknown members and members outside their limits are `validation_failed`. */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type === 'custom' || PLAIN_TYPES.has(metatype)) return value;
    return validated(metatype as DtoClass<object>, value);
  }
}

/** The same for what does not come as a request. Throws `validation_failed`. */
export async function validated<T extends object>(dto: DtoClass<T>, value: unknown): Promise<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('validation_failed', { errors: [{ field: '', message: 'must be an object' }] });
  }
  const instance = plainToInstance(dto, value, { exposeDefaultValues: true });
  const errors = await validate(instance, OPTIONS);
  if (errors.length > 0)
    throw new Problem('validation_failed', {
      errors: errors.flatMap((error) => flat(error, '')).slice(0, MAX_ERRORS),
    });
  leaveOutNulls(instance);
  return instance;
}

/** An optional field that is null is absent, unless it is `nullable`: handlers get what the types of their DTOs say. */
function leaveOutNulls(instance: object): void {
  for (const [name, value] of Object.entries(instance)) {
    if (value === null) {
      if (!isNullable(instance, name)) Reflect.deleteProperty(instance, name);
      continue;
    }
    for (const member of [value].flat()) if (isDto(member)) leaveOutNulls(member);
  }
}

function isNullable(instance: object, name: string): boolean {
  const property: unknown = Reflect.getMetadata(API_PROPERTY, instance, name);
  return typeof property !== 'object' || property === null || ('nullable' in property && property.nullable === true);
}

/** Not what a user has put into a field without a class. */
function isDto(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Reflect.hasMetadata(API_PROPERTIES, value);
}

function flat(error: ValidationError, prefix: string): FieldError[] {
  const field = `${prefix}${error.property}`.slice(0, 200);
  // Decorators are evaluated from the last to the first, and the first is the type: the fault that explains the others.
  const own = Object.values(error.constraints ?? {})
    .slice(-1)
    .map((message) => ({ field, message: message.slice(0, 300) }));
  return [...own, ...(error.children ?? []).flatMap((child) => flat(child, `${field}.`))];
}
