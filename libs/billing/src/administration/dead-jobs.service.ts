import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { lockLiveUser } from '@adiuva/auth';
import { Database, JobAdministration, type Tx } from '@adiuva/platform';

/** What administrators do with dead jobs, in the audit log. `admin` is null for an operator's command. */
@Injectable()
export class DeadJobs {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobAdministration,
    private readonly audit: Audit,
  ) {}

  /** @throws `not_found` for a job that is not dead */
  retry(admin: Principal | null, id: string): Promise<string> {
    return this.change(admin, id, 'job.retried', (tx) => this.jobs.retry(tx, id));
  }

  /** Its work is not done. @throws `not_found` for a job that is not dead */
  delete(admin: Principal | null, id: string): Promise<string> {
    return this.change(admin, id, 'job.deleted', (tx) => this.jobs.delete(tx, id));
  }

  /** Returns the name of the job. */
  private change(
    admin: Principal | null,
    id: string,
    action: 'job.retried' | 'job.deleted',
    work: (tx: Tx) => Promise<string>,
  ): Promise<string> {
    return this.database.transaction(async (tx) => {
      if (admin) await lockLiveUser(tx, admin.userId);
      const job = await work(tx);
      const details = { job_id: id, job };
      await this.audit.record(tx, { action, userId: null, actorId: admin?.userId ?? null, details });
      return job;
    });
  }
}
