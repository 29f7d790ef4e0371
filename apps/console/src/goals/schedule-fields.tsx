import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { dateTime, weekday } from '../texts/format';
import { t } from '../texts/texts';
import { Choice, TextField } from '../ui/fields';
import { messageOf } from '../ui/problem';
import { SCHEDULE_KINDS, scheduleOf, type ScheduleDraft } from './schedule';

/** When a goal runs, with the next times as the server computes them. */
export function ScheduleFields({
  draft,
  onDraft,
}: {
  readonly draft: ScheduleDraft;
  readonly onDraft: (draft: ScheduleDraft) => void;
}): ReactNode {
  const change = (part: Partial<ScheduleDraft>): void => onDraft({ ...draft, ...part });
  const { kind } = draft;
  return (
    <div className="stack">
      <div className="columns">
        <Choice
          label={t('goals.when')}
          value={kind}
          options={SCHEDULE_KINDS.map((value) => [value, t(`goals.when.${value}`)] as const)}
          onValue={(value) => change({ kind: value })}
        />
        {kind === 'once' && (
          <TextField
            label={t('goals.at')}
            type="datetime-local"
            required
            value={draft.at}
            onValue={(at) => change({ at })}
          />
        )}
        {kind === 'weekly' && (
          <Choice
            label={t('goals.weekday')}
            value={String(draft.weekday)}
            options={weekdays()}
            onValue={(day) => change({ weekday: Number(day) })}
          />
        )}
        {(kind === 'daily' || kind === 'weekly') && (
          <TextField
            label={t('goals.time')}
            type="time"
            required
            value={draft.time}
            onValue={(time) => change({ time })}
          />
        )}
        {(kind === 'cron' || kind === 'rrule') && (
          <TextField
            label={t(`goals.${kind}`)}
            className="mono"
            placeholder={kind === 'cron' ? '30 7 * * 1-5' : 'FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9'}
            required
            value={draft.expression}
            onValue={(expression) => change({ expression })}
          />
        )}
      </div>
      <Preview draft={draft} />
    </div>
  );
}

function Preview({ draft }: { readonly draft: ScheduleDraft }): ReactNode {
  const { client } = useUser();
  const schedule = useDeferredValue(scheduleOf(draft));
  const preview = useQuery({
    queryKey: ['preview', schedule],
    enabled: schedule !== undefined,
    queryFn: async () => (schedule ? client.goals.preview({ ...schedule, count: 4 }) : { occurrences: [] }),
  });
  if (!schedule) return null;
  if (preview.error) return <p className="fault">{messageOf(preview.error)}</p>;
  const times = preview.data?.occurrences ?? [];
  return (
    <p className="hint" role="status">
      {t('goals.next', { times: times.length === 0 ? '…' : times.map((time) => dateTime(time)).join(' · ') })}
    </p>
  );
}

function weekdays(): readonly (readonly [string, string])[] {
  return [1, 2, 3, 4, 5, 6, 0].map((day) => [String(day), weekday(day)] as const);
}
