import { retryAfterMs } from '@adiuva/kernel';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0);

it.each([
  ['120', 120_000],
  [' 1.5 ', 1_500],
  ['0', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
  ['sun, 06 nov 1994 08:49:37 gmt', 37_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
  ['Sun Nov  6 08:49:37 1994', 37_000],
  ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
  ['99999999999', 86_400_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000],
  ['-5', undefined],
  ['1e9', undefined],
  ['soon', undefined],
  ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
  ['2026-11-26', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('a Retry-After of %p is %p milliseconds', (header, wait) => {
  expect(retryAfterMs(header, NOW)).toBe(wait);
});
