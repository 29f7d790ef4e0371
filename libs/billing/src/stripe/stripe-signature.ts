import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a signature may be old, or ahead of our clock. */
export const SIGNATURE_WINDOW = 300;

const MAX_SIGNATURES = 20;
const HEX = /^[0-9a-f]{64}$/;

/**
 * Whether `header` (`t=…,v1=…`) signs these very bytes under one of `secrets`, at a time within 300 s of `now` (seconds). Every secret is
 * tried and compared in constant time. Scheme: https://docs.stripe.com/webhooks#verify-manually
 */
export function isSigned(raw: Uint8Array, header: string, secrets: readonly string[], now: number): boolean {
  const { time, signatures } = parse(header);
  if (time === null || Math.abs(now - Number(time)) > SIGNATURE_WINDOW) return false;
  let right = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`${time}.`).update(raw).digest();
    for (const signature of signatures) right = timingSafeEqual(expected, signature) || right;
  }
  return right;
}

function parse(header: string): { time: string | null; signatures: readonly Buffer[] } {
  const times: string[] = [];
  const signatures: Buffer[] = [];
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (name === 't') times.push(value);
    if (name === 'v1' && HEX.test(value) && signatures.length < MAX_SIGNATURES)
      signatures.push(Buffer.from(value, 'hex'));
  }
  const [time] = times;
  return { time: times.length === 1 && time !== undefined && /^\d{1,12}$/.test(time) ? time : null, signatures };
}
