import { Injectable } from '@nestjs/common';
import { returnedRows, type Tx } from '@adiuva/platform';
import { InstallationStore } from './plugins/installations.store';
import { Packages } from './packages/packages.service';
import { Ratings } from './catalogue/ratings.service';

/**
 * Erases a user: installations, ratings and published plugins with their packages. The ledger stays: purchases lose their buyer, and sales
 * belong to a developer whom only the payment provider can identify and still pays.
 */
@Injectable()
export class MarketplaceErasure {
  constructor(
    private readonly installs: InstallationStore,
    private readonly ratings: Ratings,
    private readonly packages: Packages,
  ) {}

  async erase(tx: Tx, userId: string): Promise<void> {
    // First: a payment that is recorded concurrently has delivered its plugin before, or finds no buyer after.
    await tx.query('UPDATE plugin_purchases SET user_id = NULL WHERE user_id = $1', [userId]);
    await this.ratings.erase(tx, userId);
    await this.installs.erase(tx, userId);
    await tx.query('UPDATE plugin_versions SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by = $1', [userId]);
    await tx.query('UPDATE plugin_versions SET decided_by = NULL WHERE decided_by = $1', [userId]);
    const own = await tx.query<{ blob_key: string }[]>(
      `SELECT v.blob_key FROM plugin_versions v JOIN plugins p ON p.id = v.plugin_id JOIN plugin_developers d ON d.id = p.developer_id
       WHERE d.user_id = $1`,
      [userId],
    );
    await returnedRows(
      tx,
      'DELETE FROM plugins p USING plugin_developers d WHERE d.id = p.developer_id AND d.user_id = $1',
      [userId],
    );
    await this.packages.dropLater(
      tx,
      own.map((row) => row.blob_key),
    );
    await tx.query('UPDATE plugin_developers SET user_id = NULL WHERE user_id = $1', [userId]);
  }
}
