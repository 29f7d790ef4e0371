import { useState } from 'react';

interface Draft {
  readonly text: string;
  /** What is stored of it, as far as this editor knows: `text` differs while something is not stored. */
  readonly stored: string;
  /** The last source that was seen. */
  readonly source: string;
}

/**
 * The text of an editor over a source that also changes elsewhere. It follows the source while all of it is stored; what is not stored
 * stays. `setStored` says that a text is stored, before the source has it.
 */
export function useDraft(
  source: string,
): readonly [text: string, setText: (text: string) => void, setStored: (text: string) => void] {
  const [draft, setDraft] = useState<Draft>({ text: source, stored: source, source });
  if (draft.source !== source) setDraft(following(draft, source));
  return [
    draft.text,
    (text) => setDraft((now) => ({ ...now, text })),
    (stored) => setDraft((now) => ({ ...now, stored })),
  ];
}

function following({ text, stored }: Draft, source: string): Draft {
  return { text: text === stored ? source : text, stored: source, source };
}
