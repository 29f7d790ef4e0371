export { checksumOf, CHECKSUM, type Checksum } from './checksum';
export { Clock, SystemClock } from './clock';
export { isId, newId } from './ids';
export { splitSale, type Split } from './money';
export { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, type Page, type PageRequest } from './page';
export type { Principal, Role } from './principal';
export { Problem, PROBLEM_CODES, problemDocument, problemType, type FieldError } from './problem';
export type { ProblemCode, ProblemDocument, ProblemOptions } from './problem';
export { featuresOf, lowestTierWith, PRICE_CENTS, TIERS, UNLIMITED, type Features, type Tier } from './tier';
