import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { Downloads } from './downloads.service';
import { InstallationStore } from '../plugins/installations.store';
import { Purchases } from '../payments/purchases.service';

/** What is installed: one approved version of a listed plugin. */
interface Offer {
  readonly pluginId: string;
  readonly versionId: string;
  readonly version: string;
  readonly name: string;
  readonly priceCents: number;
  readonly developerId: string;
  readonly own: boolean;
  readonly bought: boolean;
}

const OFFER = `
  SELECT p.id AS "pluginId", v.id AS "versionId", v.version, p.name, p.price_cents AS "priceCents", p.developer_id AS "developerId",
    coalesce(d.user_id = $2, false) AS own,
    EXISTS (SELECT 1 FROM plugin_purchases s WHERE s.plugin_id = p.id AND s.user_id = $2 AND s.state = 'paid') AS bought
  FROM plugins p JOIN plugin_developers d ON d.id = p.developer_id
  JOIN plugin_versions v ON v.plugin_id = p.id AND v.state = 'approved' AND v.version = coalesce($3, p.version)
  WHERE p.id = $1 AND p.state = 'listed'`;

/** Installing and removing. A plugin with a price is paid before it is installed, and only once. */
@Injectable()
export class Installs {
  constructor(
    private readonly database: Database,
    private readonly installations: InstallationStore,
    private readonly purchases: Purchases,
    private readonly downloads: Downloads,
  ) {}

  /**
   * A URL to download the package from, valid for five minutes.
   * @throws `not_found`, `payment_required` with `checkout_url` where there is no card that pays, `not_configured`
   */
  async install(user: Principal, pluginId: string, version: string | undefined, signal?: AbortSignal): Promise<string> {
    const [offer] = await this.database.query<Offer>(OFFER, [pluginId, user.userId, version ?? null]);
    if (!offer) throw new Problem('not_found');
    if (offer.priceCents > 0 && !offer.own && !offer.bought) await this.purchases.buy(user, offer, signal);
    else {
      await this.database.transaction(async (tx) => {
        await lockLiveUser(tx, user.userId);
        await this.installations.add(tx, user.userId, pluginId, offer.version);
      });
    }
    return this.downloads.urlFor(offer.versionId, user.userId);
  }

  /** @throws `not_found` when it is not installed */
  async remove(user: Principal, pluginId: string): Promise<void> {
    const removed = await this.database.transaction((tx) => this.installations.remove(tx, user.userId, pluginId));
    if (!removed) throw new Problem('not_found');
  }
}
