import { useState } from 'react';

interface Draft {
  readonly text: string;
  /** As it was last seen: `text` differs while something is not stored. */
  readonly source: string;
}

/**
 * The text of an editor over a source that also changes elsewhere. It follows the source while all of it is stored; what is not stored
 * stays. Who stores it changes the source immediately, else the echo of a save would pass for a change elsewhere.
 */
export function useDraft(source: string): readonly [text: string, setText: (text: string) => void] {
  const [draft, setDraft] = useState<Draft>({ text: source, source });
  if (draft.source !== source) setDraft({ text: draft.text === draft.source ? source : draft.text, source });
  return [draft.text, (text) => setDraft((now) => ({ ...now, text }))];
}
