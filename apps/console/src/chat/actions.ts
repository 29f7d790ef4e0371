import type { AdiuvaClient, PlanActionDto } from '@adiuva/client';
import type { LocalRecords } from '../records/local-records';
import type { Row } from '../records/row';

export type Undo = () => Promise<void>;

/** Deleting waits for the user; everything else can be undone. */
export function needsConsent({ type }: PlanActionDto): boolean {
  return type === 'delete_record' || type === 'call_agent';
}

/** Carries out what the assistant decided, in this browser. Gives how to undo it, where that is possible. */
export async function carryOut(
  { type, table, data, agent }: PlanActionDto,
  records: LocalRecords,
  client: AdiuvaClient,
): Promise<Undo | undefined> {
  switch (type) {
    case 'create_record':
      return table === null ? undefined : write(records, table, { ...data, id: idOf(data) ?? crypto.randomUUID() });
    case 'update_record': {
      const id = idOf(data);
      if (table === null || id === undefined) return undefined;
      return write(records, table, { ...records.row(table, id), ...data, id });
    }
    case 'delete_record': {
      const id = idOf(data);
      const before = table === null || id === undefined ? undefined : records.row(table, id);
      if (table === null || id === undefined) return undefined;
      await records.remove(table, id);
      return before && (() => records.write(table, before));
    }
    case 'send_notification': {
      const [title, text, time] = [data?.['title'], data?.['text'], data?.['time']];
      await client.notifications.create({
        urgency: 'normal',
        title: typeof title === 'string' ? title : 'Adiuva',
        ...(typeof text === 'string' ? { body: text } : {}),
        ...(typeof time === 'number' ? { deliver_at: time } : {}),
      });
      return undefined;
    }
    case 'call_agent':
      await askLater(client, agent, data ?? {});
      return undefined;
    case 'index_document':
      // Notes are searched in memory; there is no index to bring up to date.
      return undefined;
  }
}

async function write(records: LocalRecords, table: string, row: Row): Promise<Undo> {
  const before = records.row(table, row.id);
  await records.write(table, { ...row, updated_at: Date.now() });
  return () => (before ? records.write(table, before) : records.remove(table, row.id));
}

/** A message for later is a goal with one run at that time. */
async function askLater(
  client: AdiuvaClient,
  agent: string | null,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const message = typeof data['message'] === 'string' ? data['message'] : '';
  const time = typeof data['time'] === 'number' ? data['time'] : undefined;
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const goal = await client.goals.create({
    title: message.slice(0, 80),
    instructions: message,
    agent,
    ...(time === undefined
      ? {}
      : { schedules: [{ kind: 'at', expression: new Date(time).toISOString(), timezone, enabled: true }] }),
  });
  if (time === undefined) await client.goals.run(goal.id);
}

function idOf(data: PlanActionDto['data']): string | undefined {
  const id = data?.['id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
