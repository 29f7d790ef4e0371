import type { ExecutionPlanDto } from '@adiuva/client';
import { CircleCheck, LoaderCircle, Play } from 'lucide-react';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { useRows } from '../records/context';
import { textIn } from '../records/row';
import { hasText, t } from '../texts/texts';
import { Button } from '../ui/button';
import { Choice, TextField } from '../ui/fields';
import { stepText, stepTitle } from './action-text';
import type { ChatSession } from './chat-session';
import type { Turn } from './conversation';
import { inputsOf } from './plan';

/** How it would be done, what it needs from the user, and the button that does it. */
export function PlanView({
  turn,
  plan,
  session,
  isBusy,
}: {
  readonly turn: Turn;
  readonly plan: ExecutionPlanDto;
  readonly session: ChatSession;
  readonly isBusy: boolean;
}): ReactNode {
  const [inputs, setInputs] = useState<Readonly<Record<string, string>>>({});
  const { step } = useSyncExternalStore(session.subscribe, session.current);
  const current = step?.turnId === turn.id ? step.index : undefined;
  return (
    <form
      className="plan"
      onSubmit={(event) => {
        event.preventDefault();
        void session.carryOutPlan(turn.id, inputs);
      }}
    >
      <ol className="plan-steps" aria-label={t('chat.planSteps')}>
        {plan.steps.map((planned, index) => (
          <li key={index} aria-current={index === current ? 'step' : undefined}>
            <strong>{stepTitle(planned)}</strong>
            {index === current && <LoaderCircle size={14} className="spin" aria-label={t('run.status.running')} />}
            <small>{stepText(planned)}</small>
            {planned.data_from_step !== null && (
              <small>{t('chat.fromStep', { step: planned.data_from_step + 1 })}</small>
            )}
          </li>
        ))}
      </ol>
      {turn.isCarriedOut === true ? (
        <p className="plan-done" role="status">
          <CircleCheck size={16} aria-hidden />
          {t('chat.planDone')}
        </p>
      ) : (
        <>
          {inputsOf(plan).map((name) => (
            <PlanInput
              key={name}
              name={name}
              value={inputs[name] ?? ''}
              onValue={(value) => setInputs({ ...inputs, [name]: value })}
            />
          ))}
          <div className="actions">
            <Button type="submit" look="primary" icon={Play} busy={current !== undefined} disabled={isBusy}>
              {t('chat.carryOutPlan')}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

/** A record of this browser where the name says so (`note_id`), else text. */
function PlanInput({
  name,
  value,
  onValue,
}: {
  readonly name: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}): ReactNode {
  const table = name.endsWith('_id') ? `${name.slice(0, -'_id'.length)}s` : '';
  const rows = useRows(table);
  const key = `table.${table}`;
  if (table === '') return <TextField label={name} required value={value} onValue={onValue} />;
  const options = rows.map((row) => [row.id, textIn(row, 'title') || textIn(row, 'name') || row.id] as const);
  return (
    <Choice
      label={hasText(key) ? t(key) : name}
      required
      value={value}
      options={[['', '–'], ...options]}
      onValue={onValue}
    />
  );
}
