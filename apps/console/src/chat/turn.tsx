import { Bot, Check, Trash2, Undo2 } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { t } from '../texts/texts';
import { Button } from '../ui/button';
import { Markdown } from '../ui/markdown';
import { Badge, type Tone } from '../ui/parts';
import { actionTitle, subjectOf } from './action-text';
import { needsConsent } from './actions';
import type { ChatSession } from './chat-session';
import type { ShownAction, Turn } from './conversation';
import { PlanView } from './plan-view';

/** Drawn again when its turn changes, not with each token of the next one. */
export const TurnView = memo(function TurnView({
  turn,
  session,
  isBusy = false,
  isStreaming = false,
}: {
  readonly turn: Turn;
  readonly session: ChatSession;
  readonly isBusy?: boolean;
  readonly isStreaming?: boolean;
}): ReactNode {
  if (turn.role === 'user') return <div className="turn user">{turn.text}</div>;
  return (
    <div className="turn assistant" aria-busy={isStreaming}>
      <p className="turn-agent">
        <Bot size={15} aria-hidden />
        {turn.agent ?? t('chat.assistant')}
      </p>
      {turn.text === '' && isStreaming ? (
        <p className="thinking">{t('chat.thinking')}</p>
      ) : (
        <Markdown text={turn.text} />
      )}
      {turn.plan && <PlanView turn={turn} plan={turn.plan} session={session} isBusy={isBusy} />}
      {(turn.actions ?? []).length > 0 && (
        <ul className="turn-actions" aria-label={t('chat.actions')}>
          {(turn.actions ?? []).map((shown, index) => (
            <ActionView key={index} shown={shown} turnId={turn.id} index={index} session={session} />
          ))}
        </ul>
      )}
    </div>
  );
});

const TONES: Readonly<Record<ShownAction['state'], Tone>> = {
  waiting: 'warn',
  done: 'good',
  undone: 'plain',
  failed: 'bad',
};

function ActionView({
  shown: { action, state },
  turnId,
  index,
  session,
}: {
  readonly shown: ShownAction;
  readonly turnId: string;
  readonly index: number;
  readonly session: ChatSession;
}): ReactNode {
  return (
    <li>
      <div className="turn-action">
        <strong>{actionTitle(action)}</strong>
        <span>{subjectOf(action)}</span>
      </div>
      {state === 'waiting' && needsConsent(action) ? (
        <Button
          look={action.type === 'delete_record' ? 'danger' : 'primary'}
          icon={action.type === 'delete_record' ? Trash2 : Check}
          onClick={() => void session.act(turnId, index)}
        >
          {t(action.type === 'delete_record' ? 'delete' : 'chat.agree')}
        </Button>
      ) : (
        <Badge tone={TONES[state]}>{t(`chat.state.${state}`)}</Badge>
      )}
      {state === 'done' && session.canUndo(turnId, index) && (
        <Button look="quiet" icon={Undo2} onClick={() => void session.undo(turnId, index)}>
          {t('undo')}
        </Button>
      )}
    </li>
  );
}
