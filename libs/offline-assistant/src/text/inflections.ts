import type { Language } from '../lexicon/lexicon';

/** Endings of the forms in which people ask, by the ending of the infinitive: "añadir" is also "añade", "añadas", "añadieras". */
const ENDINGS: Readonly<Partial<Record<Language, readonly (readonly [string, string])[]>>> = {
  de: [
    ['eln', 'le|el|elst|elt'],
    ['en', 'e|st|t|est|et|'],
  ],
  it: [
    ['are', 'a|i|ate|ino|assi|iamo|eresti|erebbe|aste'],
    ['ere', 'i|a|ete|ano|essi|iamo|eresti|erebbe'],
    ['ire', 'i|a|ite|ano|issi|iamo|iresti|irebbe'],
  ],
  fr: [
    ['er', 'e|es|ez|ons|erais|eriez|erait'],
    ['ir', 'is|issez|isses|issons|irais|iriez'],
  ],
  es: [
    ['ar', 'a|e|es|as|en|ad|aras|ara|ases|amos|emos|arías|aría'],
    ['er', 'e|a|as|es|an|ed|ieras|iera|amos|emos|erías|ería'],
    ['ir', 'e|a|as|es|an|id|ieras|iera|amos|imos|irías|iría'],
  ],
};
const MIN_STEM = 3;

/** The other forms of an infinitive, where its language is regular enough. */
export function inflected(infinitive: string, language: Language): string[] {
  if (!/^\p{L}+$/u.test(infinitive)) return [];
  for (const [ending, forms] of ENDINGS[language] ?? []) {
    if (!infinitive.endsWith(ending)) continue;
    const stem = infinitive.slice(0, -ending.length);
    return stem.length < MIN_STEM ? [] : forms.split('|').map((form) => stem + form);
  }
  return [];
}
