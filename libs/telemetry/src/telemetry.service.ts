import { Injectable } from '@nestjs/common';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { countsOf, propertyFaults, type TelemetryEvent } from './telemetry-event';

const MAX_AGE_MS = 7 * 86_400_000;
const MAX_AHEAD_MS = 3_600_000;
const ADD = `INSERT INTO telemetry_counts AS t (day, name, property, value, count, sum)
  SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::double precision[])
  ON CONFLICT (day, name, property, value) DO UPDATE SET count = t.count + excluded.count, sum = t.sum + excluded.sum`;

/** Figures about the use of apps, only of users who have agreed, and only as sums of all of them. */
@Injectable()
export class Telemetry {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async isEnabled({ userId }: Principal): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM telemetry_consents WHERE user_id = $1', [userId]);
    return rows.length > 0;
  }

  async setEnabled({ userId }: Principal, enabled: boolean): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId);
      await tx.query(
        enabled
          ? 'INSERT INTO telemetry_consents (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING'
          : 'DELETE FROM telemetry_consents WHERE user_id = $1',
        [userId],
      );
    });
  }

  /** @throws `forbidden` without consent, `validation_failed` for what is not on the list or too old */
  async add(caller: Principal, events: readonly TelemetryEvent[]): Promise<void> {
    if (!(await this.isEnabled(caller)))
      throw new Problem('forbidden', { detail: 'Telemetry is off for this account' });
    const errors = events.flatMap((event, index) => [
      ...propertyFaults(event).map((property) => ({
        field: `events.${index}.properties.${property}`,
        message: 'must be a property of the event with a value of its list',
      })),
      ...(this.isRecent(event.at) ? [] : [{ field: `events.${index}.at`, message: 'must be of the last seven days' }]),
    ]);
    if (errors.length > 0) throw new Problem('validation_failed', { errors });
    // In one order, so that concurrent batches do not wait for each other in a circle.
    const counts = countsOf(events).sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    await this.database.transaction((tx) =>
      tx.query(ADD, [
        counts.map(({ day }) => day),
        counts.map(({ name }) => name),
        counts.map(({ property }) => property),
        counts.map(({ value }) => value),
        counts.map(({ count }) => count),
        counts.map(({ sum }) => sum),
      ]),
    );
  }

  private isRecent(at: Date): boolean {
    const age = this.clock.now().getTime() - at.getTime();
    return age <= MAX_AGE_MS && age >= -MAX_AHEAD_MS;
  }
}

function keyOf({ day, name, property, value }: { day: string; name: string; property: string; value: string }): string {
  return [day, name, property, value].join('\n');
}
