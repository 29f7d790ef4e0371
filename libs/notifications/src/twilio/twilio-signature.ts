import { createHmac, timingSafeEqual } from 'node:crypto';

/** X-Twilio-Signature: base64 of HMAC-SHA1 under the auth token over the address and the sorted fields, name and value joined. */
export function twilioSignature(token: string, url: string, fields: URLSearchParams): string {
  const names = [...new Set(fields.keys())].sort();
  // Of a repeated field each distinct value counts once, sorted.
  const joined = names
    .map((name) =>
      [...new Set(fields.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
  return createHmac('sha1', token)
    .update(url + joined, 'utf8')
    .digest('base64');
}

export function isSignedByTwilio(
  token: string,
  url: string,
  fields: URLSearchParams,
  signature: string | undefined,
): boolean {
  const expected = Buffer.from(twilioSignature(token, url, fields));
  const given = Buffer.from(signature ?? '');
  return expected.length === given.length && timingSafeEqual(expected, given);
}
