import { useQuery } from '@tanstack/react-query';
import { ArrowUp, MessageCircle, NotebookPen, Package, Plus, Square, Target, Trash2 } from 'lucide-react';
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useRecords, useRows } from '../records/context';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Check } from '../ui/fields';
import { ErrorNote, Page } from '../ui/parts';
import { toast, toastError } from '../ui/toasts';
import { CONVERSATIONS, fromRow, newConversation, type Conversation } from './conversation';
import { TurnView } from './turn';
import type { ChatSession } from './chat-session';
import { useChat } from './use-chat';

const SUGGESTIONS = ['chat.suggest.note', 'chat.suggest.task', 'chat.suggest.list'] as const;
/** What an answer grows by between two frames, and more. */
const FOLLOWED_PX = 240;
const FIRST_STEPS = [
  ['/notes', 'start.notes', NotebookPen],
  ['/goals', 'start.goals', Target],
  ['/plugins', 'start.plugins', Package],
] as const;

export function Chat(): ReactNode {
  const { session, state } = useChat();
  const { profile } = useUser();
  const { conversation, streaming, step, error } = state;
  const isBusy = streaming !== undefined || step !== undefined;
  const end = useRef<HTMLDivElement>(null);
  const count = conversation.turns.length;
  const shown = useRef(0);
  useEffect(() => {
    const { scrollHeight } = document.documentElement;
    const isAtEnd = scrollHeight - window.scrollY - window.innerHeight < FOLLOWED_PX;
    // A reader who has scrolled up stays there while an answer is written.
    if (isAtEnd || shown.current !== count) end.current?.scrollIntoView({ block: 'end' });
    shown.current = count;
  }, [count, streaming]);
  const isEmpty = conversation.turns.length === 0;
  return (
    <Page
      title={
        isEmpty ? t('chat.hello', { name: profile.name ?? profile.email.split('@')[0] ?? '' }) : conversation.title
      }
      lead={isEmpty ? t('chat.lead') : undefined}
      actions={<Conversations current={conversation} session={session} />}
    >
      <div className="chat">
        {isEmpty && <Start onSend={(message) => void session.send(message, { agents: [], isPlan: false })} />}
        <div className="turns" role="log" aria-label={t('nav.chat')}>
          {(streaming ? [...conversation.turns, streaming] : conversation.turns).map((turn) => (
            <TurnView
              key={turn.id}
              turn={turn}
              session={session}
              isBusy={isBusy && turn.plan !== undefined}
              isStreaming={turn === streaming}
            />
          ))}
        </div>
        <ErrorNote error={error} />
        <div ref={end} className="chat-end" />
      </div>
      <Composer isBusy={isBusy} session={session} />
    </Page>
  );
}

/** What to begin with: messages to send, and other screens. */
function Start({ onSend }: { readonly onSend: (message: string) => void }): ReactNode {
  return (
    <div className="chat-start">
      <ul className="suggestions">
        {SUGGESTIONS.map((key) => (
          <li key={key}>
            <button type="button" onClick={() => onSend(t(key))}>
              <MessageCircle size={18} aria-hidden />
              {t(key)}
            </button>
          </li>
        ))}
      </ul>
      <h2>{t('start.title')}</h2>
      <ul className="suggestions">
        {FIRST_STEPS.map(([to, key, Icon]) => (
          <li key={to}>
            <Link href={to}>
              <Icon size={18} aria-hidden />
              {t(key)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Like the composer, not drawn again with each token of an answer. */
const Conversations = memo(function Conversations({
  current,
  session,
}: {
  readonly current: Conversation;
  readonly session: ChatSession;
}): ReactNode {
  const records = useRecords();
  const rows = useRows(CONVERSATIONS);
  const row = rows.find(({ id }) => id === current.id);
  const kept = useMemo(() => rows.map(fromRow).sort((a, b) => b.updatedAt - a.updatedAt), [rows]);
  return (
    <>
      {kept.length > 0 && (
        <select
          aria-label={t('chat.earlier')}
          value={kept.some(({ id }) => id === current.id) ? current.id : ''}
          onChange={(event) => session.open(kept.find(({ id }) => id === event.target.value) ?? newConversation())}
        >
          <option value="">{t('chat.earlier')}</option>
          {kept.slice(0, 50).map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
      {row && (
        <Button
          look="quiet"
          icon={Trash2}
          label={t('chat.delete')}
          onClick={() => {
            session.open(newConversation());
            records.remove(CONVERSATIONS, row.id).catch(toastError);
            toast(t('deleted'), () => records.write(CONVERSATIONS, row));
          }}
        />
      )}
      <Button icon={Plus} onClick={() => session.open(newConversation())}>
        {t('chat.new')}
      </Button>
    </>
  );
});

const Composer = memo(function Composer({
  isBusy,
  session,
}: {
  readonly isBusy: boolean;
  readonly session: ChatSession;
}): ReactNode {
  const { client } = useUser();
  const [message, setMessage] = useState('');
  const [agent, setAgent] = useState('');
  const [isPlan, setPlan] = useState(false);
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => client.chat.agents(), staleTime: 60_000 });
  const send = (): void => {
    if (isBusy || message.trim() === '') return;
    void session.send(message.trim(), { agents: agent === '' ? [] : [agent], isPlan });
    setMessage('');
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isBusy) session.stop();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        aria-label={t('chat.message')}
        placeholder={t('chat.placeholder')}
        rows={2}
        autoFocus
        value={message}
        onChange={(event) => setMessage(event.target.value)}
        onKeyDown={onKey}
      />
      <div className="composer-foot">
        <select aria-label={t('chat.agent')} value={agent} onChange={(event) => setAgent(event.target.value)}>
          <option value="">{t('chat.anyAgent')}</option>
          {(agents.data ?? [])
            .filter(({ enabled }) => enabled)
            .map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
        <Check label={t('chat.plan')} checked={isPlan} onChecked={setPlan} />
        {isBusy ? (
          <Button icon={Square} onClick={() => session.stop()}>
            {t('chat.stop')}
          </Button>
        ) : (
          <Button type="submit" look="primary" icon={ArrowUp} disabled={message.trim() === ''}>
            {t('chat.send')}
          </Button>
        )}
      </div>
    </form>
  );
});
