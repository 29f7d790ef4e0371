const POLITE = new Set(
  'please kindly could can would will you i me my we us our a an the just hi hey hello dear thanks thank want need like now assistant adiuva bitte danke'.split(
    ' ',
  ),
);
const QUOTED = /"([^"]{0,500})"|“([^”]{0,500})”|'([^']{2,500})'/g;

/**
 * The words of a message that decide its plan: lower case, without punctuation and polite words; quoted text is kept verbatim. Two
 * messages with the same normal form get the same plan.
 */
export function normalizeRequest(message: string): string {
  const quoted = [...message.matchAll(QUOTED)].map(([text]) => text);
  const words = message
    .replace(QUOTED, ' ')
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const telling = words.filter((word) => !POLITE.has(word));
  return JSON.stringify([telling.length > 0 ? telling : words, quoted]);
}

/** The same text for the same value, whatever the order in which its members were written. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
