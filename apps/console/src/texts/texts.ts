import type en from './en.json';

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;

export const LANGUAGES = { en: 'English', de: 'Deutsch', it: 'Italiano', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Readonly<Record<Language, () => Promise<{ readonly default: Texts }>>> = {
  en: () => import('./en.json'),
  de: () => import('./de.json'),
  it: () => import('./it.json'),
  fr: () => import('./fr.json'),
  es: () => import('./es.json'),
};

const KEPT = 'adiuva-language';

let texts: Texts | undefined;
let language: Language = 'en';
let asked: Language | undefined;
const listeners = new Set<() => void>();

/** The text of a key in the language of the console; `{name}` in it is replaced. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return (texts?.[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** A key that is made of data, such as the code of a problem. */
export function hasText(key: string): key is TextKey {
  return texts !== undefined && key in texts;
}

export function currentLanguage(): Language {
  return language;
}

/** The kept choice, else the first language of the browser that there is. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find(isLanguage) ?? 'en';
}

/** The last one that is asked for, whichever texts arrive last. */
export async function loadLanguage(next: Language): Promise<void> {
  asked = next;
  const loaded = (await LOADERS[next]()).default;
  if (asked !== next) return;
  texts = loaded;
  language = next;
  document.documentElement.lang = next;
  listeners.forEach((listener) => listener());
}

export async function chooseLanguage(next: Language): Promise<void> {
  localStorage.setItem(KEPT, next);
  await loadLanguage(next);
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function isLanguage(tag: string): tag is Language {
  return tag in LANGUAGES;
}
