export { checksumOf, CHECKSUM, type Checksum } from './checksum';
export { Clock, SystemClock } from './clock';
export { confusables } from './confusables';
export { derivedId, isId, newId, UUID } from './ids';
export { splitSale } from './money';
export { DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, type Page, type PageRequest } from './page';
export { satisfies, type Precondition } from './precondition';
export type { Principal, Role } from './principal';
export { invalidField, Problem, PROBLEM_CODES, problemDocument, problemType, type FieldError } from './problem';
export type { ProblemCode, ProblemDocument, ProblemOptions } from './problem';
export { retryAfterMs } from './retry-after';
export {
  CONCURRENT_STREAMS,
  featuresOf,
  holderOf,
  lowestTierWith,
  perSeat,
  PRICE_CENTS,
  REQUESTS_PER_MINUTE,
  TIERS,
  TOKENS_PER_MONTH,
  UNLIMITED,
  type Features,
  type Tier,
} from './tier';
