import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import { AuditLog } from '../plugins/audit-log.service';
import type { ListingState } from '../plugins/listing';
import type { Manifest } from '../plugins/manifest';
import { columnValues } from '../plugins/plugin-columns';
import { nextReview } from '../plugins/review';
import { servedVersion } from '../plugins/versions';

interface ApprovedVersion {
  readonly version: string;
  readonly manifest: Manifest;
}

/** What the catalogue shows of a plugin, and what administrators take out of it. Effective immediately: nothing is cached. */
@Injectable()
export class Listings {
  constructor(
    private readonly database: Database,
    private readonly log: AuditLog,
  ) {}

  /** Updates the plugin's row to its greatest approved version. The plugin's row must be locked. */
  async refresh(tx: Tx, pluginId: string): Promise<void> {
    const approved = await tx.query<ApprovedVersion[]>(
      `SELECT version, manifest FROM plugin_versions WHERE plugin_id = $1 AND state = 'approved'`,
      [pluginId],
    );
    const version = servedVersion(approved.map((row) => row.version));
    const served = approved.find((row) => row.version === version);
    if (!served) {
      await tx.query(`UPDATE plugins SET state = 'unlisted', version = NULL WHERE id = $1`, [pluginId]);
      return;
    }
    await tx.query(
      `UPDATE plugins SET version = $2, name = $3, skeleton = $4, author = $5, description = $6, category = $7, permissions = $8,
         price_cents = $9, published_at = coalesce(published_at, now()),
         state = CASE WHEN state = 'unpublished' THEN 'listed' ELSE state END
       WHERE id = $1`,
      [pluginId, version, ...columnValues(served.manifest)],
    );
  }

  /** Takes a plugin out: it cannot be found, installed or downloaded. @throws `not_found` */
  async unlist(admin: Principal, pluginId: string): Promise<void> {
    await this.setState(admin, pluginId, ['listed', 'unlisted'], 'unlisted', 'plugin.unlist');
  }

  /** @throws `not_found`, also when no version of it may be served */
  async relist(admin: Principal, pluginId: string): Promise<void> {
    await this.setState(admin, pluginId, ['listed', 'unlisted'], 'listed', 'plugin.relist');
  }

  /** Takes one version back; the plugin falls back to the greatest that is left, or out of the catalogue. @throws `not_found` */
  async yank(admin: Principal, pluginId: string, version: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM plugins WHERE id = $1 FOR UPDATE', [pluginId]);
      const yanked = await returnedRows(
        tx,
        `UPDATE plugin_versions SET state = $3 WHERE plugin_id = $1 AND version = $2 AND state = 'approved' RETURNING id`,
        [pluginId, version, nextReview('approved', 'yank')],
      );
      if (yanked.length === 0) throw new Problem('not_found');
      await this.refresh(tx, pluginId);
      await this.log.note(tx, admin, 'plugin.yank', pluginId, { version });
    });
  }

  private async setState(
    admin: Principal,
    pluginId: string,
    from: readonly ListingState[],
    to: ListingState,
    action: 'plugin.unlist' | 'plugin.relist',
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const moved = await returnedRows(
        tx,
        'UPDATE plugins SET state = $3 WHERE id = $1 AND state = ANY ($2) AND version IS NOT NULL RETURNING id',
        [pluginId, from, to],
      );
      if (moved.length === 0) throw new Problem('not_found');
      await this.log.note(tx, admin, action, pluginId);
    });
  }
}
