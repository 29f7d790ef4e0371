import { UNICODE_CONFUSABLES } from './confusables.generated';

/** Characters by the Latin letters or digits that they look like. */
export type Confusables = Readonly<Record<string, string>>;

/** What each character looks like: as Unicode says, but for `own`. */
export function confusables(own: Confusables): ReadonlyMap<string, string> {
  return new Map(
    [UNICODE_CONFUSABLES, own].flatMap((table) =>
      Object.entries(table).flatMap(([letters, characters]) =>
        Array.from(characters, (character): [string, string] => [character, letters]),
      ),
    ),
  );
}
