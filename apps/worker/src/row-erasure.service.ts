import { Injectable } from '@nestjs/common';
import { AccountErasure } from '@adiuva/auth';
import { AutomationsErasure } from '@adiuva/automations';
import { BillingErasure } from '@adiuva/billing';
import { MarketplaceErasure } from '@adiuva/marketplace';
import { Database } from '@adiuva/platform';
import { ChatJobs } from './chat.jobs';

/** Erases the rows of a user in one transaction, the account's own last. */
@Injectable()
export class RowErasure {
  constructor(
    private readonly database: Database,
    private readonly marketplace: MarketplaceErasure,
    private readonly chats: ChatJobs,
    private readonly automations: AutomationsErasure,
    private readonly billing: BillingErasure,
    private readonly accounts: AccountErasure,
  ) {}

  async erase(userId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.marketplace.erase(tx, userId);
      await this.chats.erase(tx, userId);
      await this.automations.erase(tx, userId);
      await this.billing.erase(tx, userId);
      await this.accounts.erase(tx, userId);
    });
  }
}
