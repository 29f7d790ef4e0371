import { useLayoutEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useRows } from '../records/context';
import { textIn } from '../records/row';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Dialog } from '../ui/parts';
import { groupsFor } from './navigation';

const MAX_SHOWN = 8;

interface Target {
  readonly to: string;
  readonly title: string;
  readonly kind: string;
}

/** Ctrl+K (or Cmd+K): go to a screen or a note by some letters of its name. */
export function Palette(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  // Before the screen is drawn: who sees it may press the keys.
  useLayoutEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOpen((open) => !open);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return isOpen ? <OpenPalette onClose={() => setOpen(false)} /> : null;
}

function OpenPalette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [, go] = useLocation();
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useTargets(words);
  const open = (target: Target | undefined): void => {
    if (!target) return;
    go(target.to);
    onClose();
  };
  const onKey = (event: KeyboardEvent): void => {
    // A search field would only be emptied.
    if (event.key === 'Escape') onClose();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || found.length === 0) return;
    event.preventDefault();
    setChosen((chosen + step + found.length) % found.length);
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose} onSubmit={() => open(found[chosen])}>
      <input
        type="search"
        role="combobox"
        aria-label={t('palette.title')}
        aria-expanded="true"
        aria-controls="palette"
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
        placeholder={t('palette.hint')}
        autoFocus
        value={words}
        onKeyDown={onKey}
        onChange={(event) => {
          setWords(event.target.value);
          setChosen(0);
        }}
      />
      <ul id="palette" role="listbox" aria-label={t('palette.title')} className="palette">
        {found.map((target, index) => (
          <li
            key={target.to}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => open(target)}
          >
            {target.title}
            <small>{target.kind}</small>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function useTargets(text: string): readonly Target[] {
  const { profile } = useUser();
  const notes = useRows('notes');
  return useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ title }: Target): boolean => words.every((word) => title.toLowerCase().includes(word));
    const screens = groupsFor(profile.role).flatMap(({ title: group, links }) =>
      links.map(({ to, text: key }) => ({ to, title: t(key), kind: t(group) })),
    );
    const named = notes.map((note) => ({
      to: `/notes/${note.id}`,
      title: textIn(note, 'title') || t('notes.untitled'),
      kind: t('nav.notes'),
    }));
    return [...screens, ...named].filter(fits).slice(0, MAX_SHOWN);
  }, [profile.role, notes, text]);
}
