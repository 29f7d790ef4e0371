export const MAIL_LANGUAGES = ['en', 'de', 'it', 'fr', 'es'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

export const DEFAULT_LANGUAGE: MailLanguage = 'en';

/** The first language of an `Accept-Language` field (RFC 9110, section 12.5.4) that we write in, by its weights. */
export function mailLanguage(acceptLanguage: string | undefined): MailLanguage {
  const ranges = (acceptLanguage ?? '').slice(0, 500).split(',').map(parseRange);
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { primary } of wanted) {
    const known = MAIL_LANGUAGES.find((language) => language === primary);
    if (known) return known;
  }
  return DEFAULT_LANGUAGE;
}

function parseRange(range: string): { primary: string; weight: number } {
  const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
  const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
  const weight = quality === undefined ? 1 : Number(quality);
  return { primary: tag.trim().split('-')[0] ?? '', weight: Number.isFinite(weight) ? weight : 0 };
}
