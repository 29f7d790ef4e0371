import { assertSafeJson } from '../edge/body/safe-json';
import { validated } from '../edge/body/validation.pipe';

/** A frame of a client as its DTO. Throws `malformed_request` or `validation_failed`, whatever the client has sent. */
export async function parsedFrame<T extends object>(dto: new () => T, frame: unknown): Promise<T> {
  assertSafeJson(frame);
  return validated(dto, frame);
}
