import { ClientError } from '../client-error';

/** A field that the server refused; `field` is its path on the wire. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What the server answered instead of success: an RFC 9457 problem document. Switch on `code`; `detail` is for people. */
export class ApiProblem extends ClientError {
  readonly code: string;
  readonly requestId: string;
  readonly errors: readonly FieldError[];

  constructor(
    readonly status: number,
    /** The whole document, with members such as `required_tier` or `limit_bytes`. */
    readonly document: Readonly<Record<string, unknown>>,
    /** Milliseconds until a repeat may succeed, where the server said so. */
    readonly retryAfterMs: number | undefined,
  ) {
    super('ApiProblem', typeof document['detail'] === 'string' ? document['detail'] : `The server answered ${status}`);
    this.code = typeof document['code'] === 'string' ? document['code'] : 'unknown';
    this.requestId = typeof document['request_id'] === 'string' ? document['request_id'] : '';
    this.errors = Array.isArray(document['errors']) ? document['errors'].filter(isFieldFault) : [];
  }
}

/** The problem that a value is, wherever it came from: an answer, a socket frame, an acknowledgement. */
export function problemOf(status: number, body: unknown, retryAfterMs?: number): ApiProblem {
  const document = isDocument(body) ? body : {};
  const stated = typeof document['status'] === 'number' ? document['status'] : status;
  return new ApiProblem(stated, document, retryAfterMs);
}

function isDocument(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFieldFault(value: unknown): value is FieldError {
  return isDocument(value) && typeof value['field'] === 'string' && typeof value['message'] === 'string';
}
