import type { Language } from '../lexicon';
import { DE_REPLIES } from './de';
import { EN_REPLIES } from './en';
import { ES_REPLIES } from './es';
import { FR_REPLIES } from './fr';
import { IT_REPLIES } from './it';
import type { Replies } from './replies';

const REPLIES: Readonly<Record<Language, Replies>> = {
  en: EN_REPLIES,
  de: DE_REPLIES,
  it: IT_REPLIES,
  fr: FR_REPLIES,
  es: ES_REPLIES,
};

export function repliesIn(language: Language): Replies {
  return REPLIES[language];
}

/** A sentence with its gaps filled; what is filled in is never read as a gap. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (gap, name: string) => values[name] ?? gap);
}
