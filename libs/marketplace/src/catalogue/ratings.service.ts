import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import { SealedTexts } from '../plugins/sealed-text.service';

export interface Rating {
  readonly stars: number;
  readonly text?: string;
}

export interface RatingComment {
  readonly stars: number;
  readonly text: string | null;
  readonly ratedAt: Date;
}

const WORDS_SHOWN = 50;

/** What users think of plugins they have. One rating a user and plugin; the last one counts. */
@Injectable()
export class Ratings {
  constructor(
    private readonly database: Database,
    private readonly notes: SealedTexts,
  ) {}

  /** @throws `not_found` for what is not listed, `forbidden` to a user who has not installed it, and to its author */
  async rate(user: Principal, pluginId: string, rating: Rating): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, user.userId);
      // The plugin's row is locked because its average is of all ratings.
      const [plugin] = await tx.query<{ own: boolean; installed: boolean }[]>(
        `SELECT d.user_id = $2 AS own, EXISTS (SELECT 1 FROM plugin_installs i WHERE i.plugin_id = p.id AND i.user_id = $2) AS installed
         FROM plugins p JOIN plugin_developers d ON d.id = p.developer_id WHERE p.id = $1 AND p.state = 'listed' FOR UPDATE OF p`,
        [pluginId, user.userId],
      );
      if (!plugin) throw new Problem('not_found');
      if (!plugin.installed) throw new Problem('forbidden', { detail: 'Only who has installed a plugin rates it' });
      if (plugin.own) throw new Problem('forbidden', { detail: 'Authors do not rate themselves' });
      const sealed =
        rating.text === undefined || rating.text === ''
          ? null
          : this.notes.seal(rowOf(user.userId, pluginId), rating.text);
      await tx.query(
        `INSERT INTO plugin_ratings (user_id, plugin_id, stars, text) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, plugin_id) DO UPDATE SET stars = excluded.stars, text = excluded.text, rated_at = now()`,
        [user.userId, pluginId, rating.stars, sealed],
      );
      await this.count(tx, [pluginId]);
    });
  }

  /** The latest ratings of a plugin, for its author. */
  async words(pluginId: string): Promise<readonly RatingComment[]> {
    const rows = await this.database.query<{ user_id: string; stars: number; text: Buffer | null; rated_at: Date }>(
      'SELECT user_id, stars, text, rated_at FROM plugin_ratings WHERE plugin_id = $1 ORDER BY rated_at DESC LIMIT $2',
      [pluginId, WORDS_SHOWN],
    );
    return rows.map((row) => ({
      stars: row.stars,
      text: row.text && this.notes.open(rowOf(row.user_id, pluginId), row.text),
      ratedAt: row.rated_at,
    }));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    const gone = await returnedRows<{ plugin_id: string }>(
      tx,
      'DELETE FROM plugin_ratings WHERE user_id = $1 RETURNING plugin_id',
      [userId],
    );
    const plugins = gone.map((row) => row.plugin_id).sort();
    await tx.query('SELECT 1 FROM plugins WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [plugins]);
    await this.count(tx, plugins);
  }

  private async count(tx: Tx, pluginIds: readonly string[]): Promise<void> {
    await tx.query(
      `UPDATE plugins p SET rating_count = r.count, rating_sum = r.sum, rating_average = r.sum::double precision / GREATEST(r.count, 1)
       FROM (SELECT ids.id, count(rated.stars)::int AS count, coalesce(sum(rated.stars), 0)::int AS sum
             FROM unnest($1::uuid[]) AS ids (id) LEFT JOIN plugin_ratings rated ON rated.plugin_id = ids.id GROUP BY ids.id) r
       WHERE p.id = r.id`,
      [pluginIds],
    );
  }
}

export function rowOf(userId: string, pluginId: string): string {
  return `plugin_ratings.text|${userId}|${pluginId}`;
}
