import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { lockLiveUser } from '@adiuva/auth';
import { Database, JobAdministration } from '@adiuva/platform';

/** Retries of dead jobs by administrators, in the audit log. */
@Injectable()
export class JobRetries {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobAdministration,
    private readonly audit: Audit,
  ) {}

  /** @throws `not_found` for a job that is not dead */
  retry(admin: Principal, id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, admin.userId);
      const job = await this.jobs.retry(tx, id);
      await this.audit.record(tx, {
        action: 'job.retried',
        userId: null,
        actorId: admin.userId,
        details: { job_id: id, job },
      });
    });
  }
}
