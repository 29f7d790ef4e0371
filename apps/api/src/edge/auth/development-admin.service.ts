import { Injectable } from '@nestjs/common';
import { Clock, type Principal } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { Accounts } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { AdminConfig } from './admin.config';

/** An account that is an administrator for a limited time during development. Each use is an event of the audit log. */
@Injectable()
export class DevelopmentAdmin {
  constructor(
    private readonly config: AdminConfig,
    private readonly accounts: Accounts,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async is({ userId }: Principal): Promise<boolean> {
    const { DEV_ADMIN_ENABLED, DEV_ADMIN_EMAIL = '', DEV_ADMIN_EXPIRES_AT = '' } = this.config;
    if (!DEV_ADMIN_ENABLED || this.clock.now().getTime() >= Date.parse(DEV_ADMIN_EXPIRES_AT)) return false;
    return (await this.accounts.lookUp(DEV_ADMIN_EMAIL)).userId === userId;
  }

  async recordUse({ userId }: Principal, operation: string): Promise<void> {
    await this.database.transaction((tx) => this.audit.recordOwn(tx, userId, 'admin.development_use', { operation }));
  }
}
