import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { SsoCodes } from './sso/sso-codes.store';
import { SsoDomains } from './sso/sso-domains.service';
import { SsoEnforcement } from './sso/sso-enforcement.service';
import { END_OTHER_SESSIONS } from './sso/sso-events.service';

/** The background work of teams. */
@Injectable()
export class TeamsJobs {
  readonly handlers: readonly JobHandler[];

  constructor(codes: SsoCodes, domains: SsoDomains, enforcement: SsoEnforcement) {
    this.handlers = [
      jobHandler(jobKind('sweep_sso_codes', z.unknown()), () => codes.sweep(), '43 3 * * *'),
      jobHandler(jobKind('recheck_sso_domains', z.unknown()), () => domains.recheck(), '13 4 * * *'),
      jobHandler(END_OTHER_SESSIONS, ({ teamId }) => enforcement.endOtherSessions(teamId)),
    ];
  }
}
