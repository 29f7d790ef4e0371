import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { MarketplacePayments } from '@adiuva/billing';
import { ServerConfig } from '@adiuva/config';
import { Database, type Tx } from '@adiuva/platform';
import { changedRows } from '../plugins/changed-rows.store';

/** People who publish, and the accounts that their earnings go to. */
@Injectable()
export class Developers {
  constructor(
    private readonly database: Database,
    private readonly payments: MarketplacePayments,
    private readonly server: ServerConfig,
  ) {}

  /** The developer that this user is; he becomes one by publishing or by onboarding. */
  async ensure(tx: Tx, user: Principal): Promise<string> {
    const [row] = await tx.query<{ id: string }[]>(
      `INSERT INTO plugin_developers (id, user_id) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING id`,
      [newId(), user.userId],
    );
    return row?.id ?? '';
  }

  /** A page on which the developer tells the payment provider who he is. @throws `not_configured`, `upstream_failed` */
  async onboard(user: Principal): Promise<string> {
    if (!this.payments.configured) throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
    const id = await this.database.transaction((tx) => this.ensure(tx, user));
    const [row] = await this.database.query<{ account_id: string | null }>(
      'SELECT account_id FROM plugin_developers WHERE id = $1',
      [id],
    );
    const accountId = row?.account_id ?? (await this.open(id, user.userId));
    return this.payments.onboardingUrl(accountId, this.server.publicUrl);
  }

  /** The provider says what an account may do now. */
  async accountChanged(tx: Tx, accountId: string, canReceive: boolean): Promise<void> {
    await tx.query('UPDATE plugin_developers SET payouts_enabled = $2 WHERE account_id = $1', [accountId, canReceive]);
  }

  /** Two requests at once open one account, because both ask for the same user's; the first to write wins. */
  private async open(developerId: string, userId: string): Promise<string> {
    const accountId = await this.payments.createAccount(userId);
    const [row] = await this.database.transaction((tx) =>
      changedRows<{ account_id: string }>(
        tx,
        'UPDATE plugin_developers SET account_id = coalesce(account_id, $2) WHERE id = $1 RETURNING account_id',
        [developerId, accountId],
      ),
    );
    return row?.account_id ?? accountId;
  }
}
