import { Injectable } from '@nestjs/common';
import { returnedRows, type Tx } from '@adiuva/platform';

/** The installations of users, with a counter on the plugin that always equals the rows. */
@Injectable()
export class InstallationStore {
  /** Installs this version, in place of another one. */
  async add(tx: Tx, userId: string, pluginId: string, version: string): Promise<void> {
    const [row] = await tx.query<{ fresh: boolean }[]>(
      `INSERT INTO plugin_installs (user_id, plugin_id, version) VALUES ($1, $2, $3)
       ON CONFLICT (user_id, plugin_id) DO UPDATE SET version = excluded.version RETURNING xmax = 0 AS fresh`,
      [userId, pluginId, version],
    );
    if (row?.fresh) await tx.query('UPDATE plugins SET install_count = install_count + 1 WHERE id = $1', [pluginId]);
  }

  /** False when there was nothing to remove. */
  async remove(tx: Tx, userId: string, pluginId: string): Promise<boolean> {
    const gone = await returnedRows(
      tx,
      'DELETE FROM plugin_installs WHERE user_id = $1 AND plugin_id = $2 RETURNING 1',
      [userId, pluginId],
    );
    if (gone.length > 0)
      await tx.query('UPDATE plugins SET install_count = install_count - 1 WHERE id = $1', [pluginId]);
    return gone.length > 0;
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    const gone = await returnedRows<{ plugin_id: string }>(
      tx,
      'DELETE FROM plugin_installs WHERE user_id = $1 RETURNING plugin_id',
      [userId],
    );
    const plugins = gone.map((row) => row.plugin_id);
    await tx.query('SELECT 1 FROM plugins WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [plugins]);
    await tx.query('UPDATE plugins SET install_count = install_count - 1 WHERE id = ANY ($1)', [plugins]);
  }
}
