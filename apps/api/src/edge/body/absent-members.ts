import { getMetadataStorage, IS_OPTIONAL } from 'class-validator';

const OPENAPI_OF = 'swagger/apiModelProperties';
const optionalMembers = new Map<Function, readonly string[]>();

/** Many clients send null for what is not given: a null of an optional member that OpenAPI does not call nullable becomes the default of the member. */
export function nullsAsAbsent<T extends object>(dto: T): T {
  const dtoClass: Function = Object.getPrototypeOf(dto).constructor;
  const nulls = membersOf(dtoClass).filter((name) => Reflect.get(dto, name) === null);
  if (nulls.length > 0) {
    const defaults: object = Reflect.construct(dtoClass, []);
    for (const name of nulls) Reflect.set(dto, name, Reflect.get(defaults, name));
  }
  for (const value of Object.values(dto).flat()) if (isDto(value)) nullsAsAbsent(value);
  return dto;
}

/** Members without a DTO class stay plain objects and lists. */
function isDto(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return ![Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value));
}

function membersOf(dtoClass: Function): readonly string[] {
  let members = optionalMembers.get(dtoClass);
  if (!members) {
    members = getMetadataStorage()
      .getTargetValidationMetadatas(dtoClass, '', false, false)
      .filter(({ name, propertyName }) => name === IS_OPTIONAL && !isNullable(dtoClass, propertyName))
      .map(({ propertyName }) => propertyName);
    optionalMembers.set(dtoClass, members);
  }
  return members;
}

function isNullable({ prototype }: Function, member: string): boolean {
  return Reflect.getMetadata(OPENAPI_OF, prototype, member)?.nullable === true;
}
