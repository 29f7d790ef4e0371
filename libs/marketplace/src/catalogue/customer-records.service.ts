import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import { SealedTexts } from '../plugins/sealed-text.service';
import { rowOf } from './ratings.service';

/** What is stored of a user as a customer of the marketplace, for an export of the account. */
@Injectable()
export class CustomerRecords {
  constructor(
    private readonly database: Database,
    private readonly texts: SealedTexts,
  ) {}

  installs(userId: string): Promise<unknown[]> {
    return this.database.query(
      'SELECT plugin_id, version, installed_at FROM plugin_installs WHERE user_id = $1 ORDER BY installed_at',
      [userId],
    );
  }

  async ratings(userId: string): Promise<unknown[]> {
    const rows = await this.database.query<{ plugin_id: string; stars: number; text: Buffer | null; rated_at: Date }>(
      'SELECT plugin_id, stars, text, rated_at FROM plugin_ratings WHERE user_id = $1 ORDER BY rated_at',
      [userId],
    );
    return rows.map((row) => ({ ...row, text: row.text && this.texts.open(rowOf(userId, row.plugin_id), row.text) }));
  }

  purchases(userId: string): Promise<unknown[]> {
    return this.database.query(
      `SELECT id, plugin_id, version, price_cents, state, returned_cents, created_at FROM plugin_purchases WHERE user_id = $1 ORDER BY id`,
      [userId],
    );
  }
}
