import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { MarketplacePayments, returnPages } from '@adiuva/billing';
import { ServerConfig } from '@adiuva/config';
import { Database, returnedRows, type Tx } from '@adiuva/platform';

/** Users who publish, and the accounts that receive their earnings. */
@Injectable()
export class Developers {
  constructor(
    private readonly database: Database,
    private readonly payments: MarketplacePayments,
    private readonly server: ServerConfig,
  ) {}

  /** The developer of this user; publishing or onboarding creates it. @throws `unauthenticated` */
  async ensure(tx: Tx, user: Principal): Promise<string> {
    await lockLiveUser(tx, user.userId);
    const [row] = await tx.query<{ id: string }[]>(
      `INSERT INTO plugin_developers (id, user_id) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING id`,
      [newId(), user.userId],
    );
    return row?.id ?? '';
  }

  /** A page on which the developer enters identity and bank account at the payment provider. @throws `not_configured`, `upstream_failed` */
  async onboard(user: Principal): Promise<string> {
    if (!this.payments.configured) throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
    const id = await this.database.transaction((tx) => this.ensure(tx, user));
    const [row] = await this.database.query<{ account_id: string | null }>(
      'SELECT account_id FROM plugin_developers WHERE id = $1',
      [id],
    );
    const accountId = row?.account_id ?? (await this.open(id, user.userId));
    return this.payments.onboardingUrl(accountId, returnPages(this.server.publicUrl).onboarding);
  }

  /** The provider reports what an account may do now. */
  async accountChanged(tx: Tx, accountId: string, canReceive: boolean): Promise<void> {
    await tx.query('UPDATE plugin_developers SET payouts_enabled = $2 WHERE account_id = $1', [accountId, canReceive]);
  }

  /** Two concurrent requests open one account, because the provider's key is the user; the first to write wins. */
  private async open(developerId: string, userId: string): Promise<string> {
    const accountId = await this.payments.createAccount(userId);
    const [row] = await this.database.transaction((tx) =>
      returnedRows<{ account_id: string }>(
        tx,
        'UPDATE plugin_developers SET account_id = coalesce(account_id, $2) WHERE id = $1 RETURNING account_id',
        [developerId, accountId],
      ),
    );
    return row?.account_id ?? accountId;
  }
}
