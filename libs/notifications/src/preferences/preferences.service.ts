import { Injectable } from '@nestjs/common';
import { invalidField } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database, type Reader } from '@adiuva/platform';
import { DEFAULT_PREFERENCES, isTimezone, type Preferences } from './preferences';
import type { NotificationPreferencesRow } from './preferences.entity';

const PUT = `INSERT INTO notification_preferences (user_id, timezone, quiet_from, quiet_to, quiet_days, policy, digest, language)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)
  ON CONFLICT (user_id) DO UPDATE SET timezone = excluded.timezone, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
    quiet_days = excluded.quiet_days, policy = excluded.policy, digest = excluded.digest, language = excluded.language`;

/** When and how a user wants to be notified. */
@Injectable()
export class NotificationPreferences {
  constructor(private readonly database: Database) {}

  /** The defaults where the user has set none. */
  of(userId: string): Promise<Preferences> {
    return this.database.read((reader) => this.read(reader, userId));
  }

  async read(reader: Reader, userId: string): Promise<Preferences> {
    const [row] = await reader.query<NotificationPreferencesRow[]>(
      'SELECT * FROM notification_preferences WHERE user_id = $1',
      [userId],
    );
    return toPreferences(row);
  }

  /** Throws `validation_failed` for a zone that does not exist. */
  async put(userId: string, preferences: Preferences): Promise<void> {
    const { timezone, quietHours, policy, digest, language } = preferences;
    if (!isTimezone(timezone)) throw invalidField('timezone', 'must be an IANA name');
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId);
      const quiet = [quietHours?.from ?? null, quietHours?.to ?? null, quietHours?.days ?? []];
      await tx.query(PUT, [userId, timezone, ...quiet, JSON.stringify(policy), digest, language]);
    });
  }
}

/** The defaults where there is no row. */
export function toPreferences(row: NotificationPreferencesRow | null | undefined): Preferences {
  if (!row) return DEFAULT_PREFERENCES;
  const { timezone, quiet_from: from, quiet_to: to, quiet_days: days, policy, digest, language } = row;
  return { timezone, quietHours: from === null || to === null ? null : { from, to, days }, policy, digest, language };
}
