import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useUser } from '../session/context';
import { t } from '../texts/texts';
import { Check, Choice, TextArea, TextField } from '../ui/fields';
import { FormDialog } from '../ui/form-dialog';
import { useGoalKeys, type OpenGoal } from './goal-content';
import { draftOf, scheduleOf } from './schedule';
import { ScheduleFields } from './schedule-fields';

/** A new goal, or a change of one. */
export function GoalForm({
  open,
  onClose,
  onSaved,
}: {
  readonly open?: OpenGoal;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}): ReactNode {
  const { client } = useUser();
  const keys = useGoalKeys();
  const cache = useQueryClient();
  const [title, setTitle] = useState(open?.content.title ?? '');
  const [instructions, setInstructions] = useState(open?.content.instructions ?? '');
  const [agent, setAgent] = useState(open?.goal.agent ?? '');
  const [isPrivate, setPrivate] = useState(open?.goal.custody === 'device');
  const [notify, setNotify] = useState(open?.goal.notify ?? true);
  const [draft, setDraft] = useState(() => draftOf(open?.goal.schedules[0]));
  const agents = useQuery({ queryKey: ['agents'], queryFn: () => client.chat.agents(), staleTime: 60_000 });
  const save = useMutation({
    mutationFn: async () => {
      const schedule = scheduleOf(draft);
      const content = { title: title.trim(), instructions: instructions.trim() };
      const body = {
        ...(isPrivate ? await keys.seal(content) : { ...content, custody: 'server' as const }),
        agent: agent === '' ? null : agent,
        notify,
        schedules: schedule ? [schedule] : [],
      };
      return open ? client.goals.change(open.goal.id, body, open.goal.version) : client.goals.create(body);
    },
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: ['goals'] });
      onSaved(id);
    },
  });
  return (
    <FormDialog title={open ? t('goals.edit') : t('goals.new')} submit={t('save')} work={save} onClose={onClose}>
      <TextField label={t('goals.title')} required maxLength={200} autoFocus value={title} onValue={setTitle} />
      <TextArea
        label={t('goals.instructions')}
        hint={t('goals.instructionsHint')}
        required
        value={instructions}
        onValue={setInstructions}
      />
      <Choice
        label={t('chat.agent')}
        value={agent}
        options={[
          ['', t('goals.anyAgent')],
          ...(agents.data ?? []).filter(({ enabled }) => enabled).map(({ name }) => [name, name] as const),
        ]}
        onValue={setAgent}
      />
      <ScheduleFields draft={draft} onDraft={setDraft} />
      <Check
        label={t('goals.private')}
        hint={t('goals.privateHint')}
        checked={isPrivate}
        disabled={open !== undefined}
        onChecked={setPrivate}
      />
      <Check label={t('goals.notify')} checked={notify} onChecked={setNotify} />
    </FormDialog>
  );
}
