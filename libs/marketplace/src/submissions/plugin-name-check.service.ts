import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import type { Finding } from '../plugins/finding';
import { SKELETON_RULE, storedSkeleton } from '../plugins/confusables';
import { checkName } from '../plugins/name-rules';

const BATCH = 500;
const STALE = `SELECT id, name FROM plugins WHERE NOT starts_with(skeleton, $1) ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`;

/** Whether a name can be confused with a published plugin of another author. */
@Injectable()
export class PluginNameCheck implements OnApplicationBootstrap {
  constructor(private readonly database: Database) {}

  /** Computes skeletons again that were stored by another version of the server under another rule. */
  async onApplicationBootstrap(): Promise<void> {
    while ((await this.refresh()) === BATCH);
  }

  /** `authorId` is null for an erased author. */
  async check(authorId: string | null, name: string): Promise<readonly Finding[]> {
    const others = await this.database.query<{ name: string }>(
      `SELECT p.name FROM plugins p JOIN plugin_developers d ON d.id = p.developer_id
       WHERE p.skeleton = $1 AND p.state = 'listed' AND d.user_id IS DISTINCT FROM $2`,
      [storedSkeleton(name), authorId],
    );
    return checkName(
      name,
      others.map((other) => other.name),
    );
  }

  private async refresh(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const stale = await tx.query<{ id: string; name: string }[]>(STALE, [`${SKELETON_RULE}:`]);
      for (const { id, name } of stale) {
        await tx.query('UPDATE plugins SET skeleton = $2 WHERE id = $1', [id, storedSkeleton(name)]);
      }
      return stale.length;
    });
  }
}
