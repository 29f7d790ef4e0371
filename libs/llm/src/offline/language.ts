import { pattern } from './pattern';

export type Language = 'en' | 'de' | 'it';

// Words that no English sentence has; one is enough, because commands are short.
const GERMAN = pattern(
  '',
  String.raw`\b(?:ich|mich|mir|und|nicht|heute|morgen|ubermorgen|bis|uhr|aufgaben?|erstelle|losche|zeige?`,
  String.raw`|bitte|fur|mein|meine|notiz|notizen|projekte?|termine?|nachsten?|welche|wie viele|erinnere`,
  String.raw`|besprechung|archiviere|verschiebe|fallig|eine|einen|meilenstein)\b`,
);
const ITALIAN = pattern(
  '',
  String.raw`\b(?:oggi|domani|dopodomani|alle|ricordami|crea|aggiungi|cancella|elimina|mostra|mostrami`,
  String.raw`|attivita|compito|progett[oi]|riunion[ei]|appunt[oi]|promemoria|cosa|quali|quant[ei]|entro|scade`,
  String.raw`|archivia|sposta|segna|una|che|della?|il|gli|mie[i]?|miei|prossim[oa]|traguardo)\b`,
);

/** Which of the three languages a folded text is in; English unless a word says otherwise. */
export function languageOf(folded: string): Language {
  const german = GERMAN.test(folded);
  const italian = ITALIAN.test(folded);
  if (german === italian) return 'en';
  return german ? 'de' : 'it';
}
