import { escapeUTF8 as escapeHtml } from 'entities';
import type { MailLanguage } from './mail-language';
import type { MailTemplate, MailTexts, MailValues } from './mail-template';
import { DE } from './texts/de';
import { EN } from './texts/en';
import { ES } from './texts/es';
import { FR } from './texts/fr';
import { IT } from './texts/it';

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const TEXTS: Readonly<Record<MailLanguage, MailTexts>> = { en: EN, de: DE, it: IT, fr: FR, es: ES };
const MAX_SUBJECT = 200;
const PARAGRAPH = 'margin:0 0 16px;line-height:1.5;white-space:pre-line';
const BUTTON =
  'display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4fd8;color:#ffffff;text-decoration:none';

/** A message as plain text and as HTML. Values are data: they are escaped in HTML and cannot add header fields. */
export function renderMail<T extends MailTemplate>(
  template: T,
  language: MailLanguage,
  values: MailValues[T],
): MailContent {
  const texts = TEXTS[language];
  const { subject, paragraphs, action } = texts[template];
  const known = new Map(Object.entries<unknown>(values).filter((entry): entry is [string, string] => !!entry[1]));
  const lines = paragraphs.flatMap((paragraph) => fill(paragraph, known) ?? []);
  const link = known.get('link');
  const button = link !== undefined && action !== undefined ? { link, action } : undefined;
  return {
    subject: (fill(subject, known) ?? texts.notification.subject).replace(/\s+/g, ' ').trim().slice(0, MAX_SUBJECT),
    text: [...lines, ...(button ? [`${button.action}: ${button.link}`] : []), `-- \n${texts.footer}`].join('\n\n'),
    html: htmlOf(language, lines, button, texts.footer),
  };
}

/** Undefined where the text names a value that is not given. */
function fill(text: string, values: ReadonlyMap<string, string>): string | undefined {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.some((name) => !values.has(name))) return undefined;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
}

function htmlOf(
  language: MailLanguage,
  lines: readonly string[],
  button: { link: string; action: string } | undefined,
  footer: string,
): string {
  const body = lines.map((line) => `<p style="${PARAGRAPH}">${escapeHtml(line)}</p>`);
  if (button)
    body.push(
      `<p style="${PARAGRAPH}"><a href="${escapeHtml(button.link)}" style="${BUTTON}">${escapeHtml(button.action)}</a></p>`,
    );
  body.push(`<p style="${PARAGRAPH};color:#666666;font-size:12px">${escapeHtml(footer)}</p>`);
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="font-family:system-ui,sans-serif;color:#1a1a1a;max-width:560px;margin:24px auto;padding:0 16px">
${body.join('\n')}
</body></html>`;
}
