import { StripeFault } from './stripe-error';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

interface Kept {
  readonly request: string;
  answer: Answer | null;
}

/**
 * https://docs.stripe.com/api/idempotent_requests: the first outcome of a POST is kept once it has begun to act, refusals by the bank and
 * server errors too; what failed validation is not kept.
 */
export class IdempotentAnswers {
  private readonly kept = new Map<string, Kept>();

  /** The first answer, or null when this is the first request. */
  begin(key: string, request: string): Answer | null {
    const known = this.kept.get(key);
    if (!known) {
      this.kept.set(key, { request, answer: null });
      return null;
    }
    if (known.request !== request) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
      throw new StripeFault(400, 'idempotency_error', message);
    }
    if (known.answer) return known.answer;
    throw new StripeFault(
      409,
      'idempotency_error',
      'There is currently another in-progress request using this Idempotency Key.',
      { code: 'idempotency_key_in_use' },
    );
  }

  finish(key: string, answer: Answer): void {
    const known = this.kept.get(key);
    if (!known) return;
    if (answer.status === 400 || answer.status === 404) this.kept.delete(key);
    else known.answer = answer;
  }
}
