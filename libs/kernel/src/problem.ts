/** Every failure a client may see. The title is fixed; the detail of one occurrence may add to it but never names internals. */
const PROBLEMS = {
  validation_failed: [400, 'The request has invalid fields'],
  malformed_request: [400, 'The request cannot be read'],
  checksum_mismatch: [400, 'The bytes do not match their checksum'],
  plaintext_vectors: [400, 'These vectors look unencrypted'],
  invalid_path: [400, 'This file path is not valid on every operating system'],
  invalid_signature: [400, 'The signature does not match the body'],
  bot_check_failed: [400, 'The bot check was not passed'],
  unauthenticated: [401, 'A valid access token is needed'],
  invalid_credentials: [401, 'E-mail address or password is wrong'],
  totp_required: [401, 'A code of the second factor is needed'],
  sso_required: [401, 'Your team demands a sign-in by single sign-on'],
  sso_failed: [401, 'The single sign-on was not completed'],
  refresh_token_reused: [401, 'This refresh token was spent before; its session is revoked'],
  upgrade_required: [402, 'Your plan does not include this'],
  quota_exceeded: [402, 'Your plan has no room for this'],
  payment_required: [402, 'A payment is needed first'],
  forbidden: [403, 'You may not do this'],
  account_disabled: [403, 'This account is disabled'],
  email_unverified: [403, 'Confirm the e-mail address first'],
  not_found: [404, 'There is nothing here'],
  method_not_allowed: [405, 'This address does not take that method'],
  not_acceptable: [406, 'No representation that you accept can be made'],
  request_timeout: [408, 'The request took too long to arrive'],
  conflict: [409, 'This conflicts with the present state'],
  email_taken: [409, 'This e-mail address has an account'],
  replayed: [409, 'This request was sent before'],
  no_seat: [409, 'No seat of the team is free'],
  continuation_spent: [409, 'This continuation was used before'],
  idempotency_in_progress: [409, 'The first request with this key has not ended'],
  cursor_expired: [410, 'This cursor is too old; start again without one'],
  precondition_failed: [412, 'The object has changed since you read it'],
  payload_too_large: [413, 'The request is too large'],
  uri_too_long: [414, 'The address is too long'],
  unsupported_media_type: [415, 'This media type is not taken here'],
  range_not_satisfiable: [416, 'The range lies outside the object'],
  invalid_dag: [422, 'This DAG is not valid'],
  invalid_schedule: [422, 'This schedule is not valid'],
  unprocessable: [422, 'The request cannot be carried out as it stands'],
  wrong_code: [422, 'The code is wrong'],
  content_refused: [422, 'The language model refuses to answer this'],
  idempotency_key_reused: [422, 'This idempotency key came with another request'],
  cancelled: [499, 'This was cancelled'],
  precondition_required: [428, 'This request must be conditional'],
  rate_limited: [429, 'Too many requests'],
  too_many_streams: [429, 'Too many answers at the same time'],
  headers_too_large: [431, 'The request headers are too large'],
  internal_error: [500, 'Something went wrong on our side'],
  not_configured: [501, 'This feature has no provider here'],
  upstream_failed: [502, 'A service that we depend on failed'],
  unavailable: [503, 'This cannot be served right now'],
  upstream_timeout: [504, 'A service that we depend on did not answer in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

/** A stable `snake_case` word that clients may switch on. */
export type ProblemCode = keyof typeof PROBLEMS;

/** One field that failed validation; `field` is the path as it stands on the wire. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  /** Where what was checked is an archive: the rule, the file inside and its line. */
  readonly rule?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface ProblemOptions {
  /** Where the contract of a route gives the code another status than the table. */
  readonly status?: number;
  /** A sentence about this occurrence, for a person. Never content, SQL, paths, prompts or upstream bodies. */
  readonly detail?: string;
  /** Further wire members of the problem document, in `snake_case` (`required_tier`, `limit_bytes`, …). */
  readonly members?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  readonly errors?: readonly FieldError[];
  /** Seconds until a repeat may succeed; becomes `Retry-After`. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** A failure of the one table, thrown anywhere below the edge and rendered as RFC 9457 at the edge. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(
    readonly code: ProblemCode,
    readonly options: ProblemOptions = {},
  ) {
    super(options.detail ?? PROBLEMS[code][1], { cause: options.cause });
    this.name = 'Problem';
    const [status, title] = PROBLEMS[code];
    this.status = options.status ?? status;
    this.title = title;
  }
}

/** The `application/problem+json` body of RFC 9457 with our members. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
  readonly [member: string]: unknown;
}

/** `validation_failed` in one field. */
export function invalidField(field: string, message: string): Problem {
  return new Problem('validation_failed', { errors: [{ field, message }] });
}

export function problemDocument(problem: Problem, instance: string, requestId: string): ProblemDocument {
  const { members, errors } = problem.options;
  return {
    ...members,
    type: problemType(problem.code),
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance,
    code: problem.code,
    request_id: requestId,
    ...(errors ? { errors } : {}),
  };
}

/** A relative URI reference, which RFC 9457 resolves against the address of the response: a page about the code. */
export function problemType(code: ProblemCode): string {
  return `/docs/problems/${code}`;
}

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];
