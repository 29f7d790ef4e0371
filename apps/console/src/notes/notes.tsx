import { ArrowLeft, MessageCircle, NotebookPen, Plus, SearchX, Trash2 } from 'lucide-react';
import { useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { textOf } from '../chat/client-tools';
import { useRecords, useRows } from '../records/context';
import { textIn, type Row } from '../records/row';
import { ago, number } from '../texts/format';
import { t } from '../texts/texts';
import { Button, LinkButton } from '../ui/button';
import { Empty, Page } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { useDraft } from '../ui/use-draft';
import { VirtualRows } from '../ui/virtual-rows';
import { SyncState } from './sync-state';

const ROW_HEIGHT = 58;
const SAVE_AFTER_MS = 500;

export function Notes(): ReactNode {
  const { id } = useParams<{ id?: string }>();
  const records = useRecords();
  const rows = useRows('notes');
  const [, go] = useLocation();
  const [words, setWords] = useState('');
  const searched = useDeferredValue(words);
  const found = useMemo(() => search(rows, searched), [rows, searched]);
  const create = async (): Promise<void> => {
    const note = { id: crypto.randomUUID(), title: '', content: '', project_id: null, updated_at: Date.now() };
    await records.write('notes', note);
    go(`/notes/${note.id}`);
  };
  const open = id === undefined ? undefined : rows.find((row) => row.id === id);
  return (
    <Page
      look="filled"
      title={t('nav.notes')}
      lead={t('notes.lead')}
      actions={
        <Button look="primary" icon={Plus} onClick={() => void create().catch(toastError)}>
          {t('notes.new')}
        </Button>
      }
    >
      <SyncState />
      {rows.length === 0 ? (
        <Empty icon={NotebookPen} title={t('notes.empty')} text={t('notes.emptyText')}>
          <LinkButton to="/" icon={MessageCircle}>
            {t('nav.chat')}
          </LinkButton>
        </Empty>
      ) : (
        <div className={open ? 'split has-open' : 'split'}>
          <div className="split-list">
            <input
              type="search"
              aria-label={t('notes.searchLabel')}
              placeholder={t('search')}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
            <p className="hint">{t('notes.count', { count: number(found.length) })}</p>
            {found.length === 0 ? (
              <Empty icon={SearchX} title={t('notes.noHits')} text={t('notes.noHitsText')} />
            ) : (
              <VirtualRows label={t('nav.notes')} rows={found} rowHeight={ROW_HEIGHT} keyOf={(row) => row.id}>
                {(row) => (
                  <Link href={`/notes/${row.id}`} aria-current={row.id === id ? 'true' : undefined}>
                    <strong>{titleOf(row)}</strong>
                    <span>{ago(updatedAt(row))}</span>
                  </Link>
                )}
              </VirtualRows>
            )}
          </div>
          <div className="split-open">
            {open ? (
              <NoteEditor key={open.id} note={open} />
            ) : (
              <Empty icon={NotebookPen} title={t('notes.choose')} text={t('notes.chooseText')} />
            )}
          </div>
        </div>
      )}
    </Page>
  );
}

function NoteEditor({ note }: { readonly note: Row }): ReactNode {
  const records = useRecords();
  const [, go] = useLocation();
  const [title, setTitle, isTitleForked] = useDraft(textIn(note, 'title'));
  const [content, setContent, isContentForked] = useDraft(textIn(note, 'content'));
  const save = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    save.current = undefined;
    if (title === textIn(note, 'title') && content === textIn(note, 'content')) return;
    save.current = () => {
      save.current = undefined;
      const typed = { ...note, title, content, updated_at: Date.now() };
      if (!isTitleForked && !isContentForked) return void records.write('notes', typed).catch(toastError);
      // Another device has changed what was being typed: both are kept.
      records.write('notes', { ...typed, id: crypto.randomUUID() }).catch(toastError);
      setTitle(textIn(note, 'title'));
      setContent(textIn(note, 'content'));
      toast(t('notes.copied'));
    };
    // A note that is deleted meanwhile has nothing to save.
    const timer = setTimeout(() => save.current?.(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [title, content, isTitleForked, isContentForked, note, records]);
  // What was typed last is written when another note is opened.
  useLayoutEffect(() => () => save.current?.(), []);
  const remove = async (): Promise<void> => {
    save.current = undefined;
    await records.remove('notes', note.id);
    go('/notes');
    toast(t('deleted'), () => records.write('notes', { ...note, title, content }));
  };
  return (
    <article className="note-editor">
      <div className="actions">
        <Link href="/notes" className="button quiet only-narrow">
          <ArrowLeft size={16} aria-hidden />
          {t('back')}
        </Link>
        <Button look="quiet" icon={Trash2} onClick={() => void remove().catch(toastError)}>
          {t('delete')}
        </Button>
      </div>
      <input
        className="note-title"
        aria-label={t('notes.title')}
        placeholder={t('notes.title')}
        value={title}
        autoFocus={title === ''}
        onChange={(event) => setTitle(event.target.value)}
      />
      <textarea
        className="note-text"
        aria-label={t('notes.text')}
        placeholder={t('notes.text')}
        value={content}
        onChange={(event) => setContent(event.target.value)}
      />
    </article>
  );
}

/** Rows are never changed, only replaced. */
const searchedTexts = new WeakMap<Row, string>();

function searchedTextOf(row: Row): string {
  const text = searchedTexts.get(row) ?? textOf(row);
  searchedTexts.set(row, text);
  return text;
}

function search(rows: readonly Row[], text: string): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows
    .filter((row) => words.length === 0 || words.every((word) => searchedTextOf(row).includes(word)))
    .sort((a, b) => updatedAt(b) - updatedAt(a));
}

function titleOf(row: Row): string {
  return textIn(row, 'title') || t('notes.untitled');
}

function updatedAt({ updated_at: at }: Row): number {
  return typeof at === 'number' ? at : 0;
}
