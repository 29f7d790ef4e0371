import { Bot, Check, Trash2, Undo2 } from 'lucide-react';
import type { ExecutionPlanDto, PlanActionDto } from '@adiuva/client';
import type { ReactNode } from 'react';
import { dateTime } from '../texts/format';
import { hasText, t } from '../texts/texts';
import { Button } from '../ui/button';
import { Markdown } from '../ui/markdown';
import { Badge, type Tone } from '../ui/parts';
import { needsConsent } from './actions';
import type { ShownAction, Turn } from './conversation';
import type { ChatState } from './use-chat';

const MAX_VALUE = 80;

export function TurnView({
  turn,
  chat,
  isStreaming = false,
}: {
  readonly turn: Turn;
  readonly chat: ChatState;
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
      {turn.plan && <PlanSteps plan={turn.plan} />}
      {(turn.actions ?? []).length > 0 && (
        <ul className="turn-actions" aria-label={t('chat.actions')}>
          {(turn.actions ?? []).map((shown, index) => (
            <ActionView key={index} shown={shown} turnId={turn.id} index={index} chat={chat} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** How it would be done: nothing of it is carried out. */
function PlanSteps({ plan }: { readonly plan: ExecutionPlanDto }): ReactNode {
  return (
    <ol className="plan-steps" aria-label={t('chat.planSteps')}>
      {plan.steps.map(({ action, prompt_template: template, variables, data_from_step: source }, index) => (
        <li key={index}>
          <strong>{t(`chat.step.${action}`)}</strong>
          <small>
            {[template, ...Object.entries(variables).map(([name, value]) => `${name}: ${shortText(value)}`)]
              .filter(Boolean)
              .join(' · ')}
          </small>
          {source !== null && <small>{t('chat.fromStep', { step: source + 1 })}</small>}
        </li>
      ))}
    </ol>
  );
}

function shortText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)} …` : text;
}

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
  chat,
}: {
  readonly shown: ShownAction;
  readonly turnId: string;
  readonly index: number;
  readonly chat: ChatState;
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
          onClick={() => void chat.act(turnId, index)}
        >
          {t(action.type === 'delete_record' ? 'delete' : 'chat.agree')}
        </Button>
      ) : (
        <Badge tone={TONES[state]}>{t(`chat.state.${state}`)}</Badge>
      )}
      {state === 'done' && chat.canUndo(turnId, index) && (
        <Button look="quiet" icon={Undo2} onClick={() => void chat.undo(turnId, index)}>
          {t('undo')}
        </Button>
      )}
    </li>
  );
}

function actionTitle({ type, table }: PlanActionDto): string {
  const key = `table.${table ?? ''}`;
  return t(`chat.action.${type}`, { table: hasText(key) ? t(key) : (table ?? '') });
}

/** What an action is about, in the words of its data. */
function subjectOf({ data, agent }: PlanActionDto): string {
  const { title, name, message, due_date: due } = data ?? {};
  const parts = [title ?? name ?? message, typeof due === 'number' ? dateTime(due) : undefined, agent];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
}
