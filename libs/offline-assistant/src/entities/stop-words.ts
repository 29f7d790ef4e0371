import { COMPILED } from '../text/compiled-lexicon';
import { fold } from '../text/clean';
import { tokenize } from '../text/tokens';

const MORE =
  "zuruck back away weg via fort drunter darunter dazu dabei darin dort mets mettez underneath below there dessous dedans dentro abajo debajo sotto i we don need needed anymore any longer no not more over isnt now so s t really want made make make did do does had has have wrote down say said says much called named titled about from please something s' l' d' c' un' dell' all' nell' that's one ones just yet instead actually ich wir nicht mehr doch mal jetzt bitte auch io piu non ora anche per favore plus ne pas encore maintenant aussi ya mas ahora tambien";

/** Words that cannot tell one name from another: frequent words of each language and the nouns of entities. */
export const STOP_WORDS: ReadonlySet<string> = new Set([
  ...MORE.split(' '),
  ...COMPILED.flatMap(({ frequent, data }) => [...frequent, ...words(data.determiners), ...words(data.prepositions)]),
  ...COMPILED.flatMap(({ data }) =>
    (['task', 'checkpoint', 'project', 'note', 'event'] as const).flatMap((type) => [
      ...words(data.entities[type].one),
      ...words(data.entities[type].many),
    ]),
  ),
]);

function words(phrases: string): string[] {
  return phrases.split('|').flatMap((phrase) => {
    const tokens = tokenize(phrase);
    return tokens.length === 1 ? tokens.map(({ text }) => fold(text)) : [];
  });
}
