import { useState } from 'react';

interface Draft {
  readonly text: string;
  /** As it was last seen: `text` differs while something is not stored. */
  readonly source: string;
  readonly isForked: boolean;
}

/**
 * The text of an editor over a source that also changes elsewhere. It follows the source while all of it is stored; what is not stored
 * stays, and is forked where the source changes meanwhile. Who stores it changes the source immediately, else the echo of a save would pass
 * for a change elsewhere.
 */
export function useDraft(source: string): readonly [text: string, setText: (text: string) => void, isForked: boolean] {
  const [draft, setDraft] = useState<Draft>({ text: source, source, isForked: false });
  if (draft.source !== source) setDraft(following(draft, source));
  const setText = (text: string): void =>
    setDraft((now) => ({ ...now, text, isForked: now.isForked && text !== now.source }));
  return [draft.text, setText, draft.isForked];
}

function following({ text, source: before }: Draft, source: string): Draft {
  if (text === before) return { text: source, source, isForked: false };
  return { text, source, isForked: text !== source };
}
