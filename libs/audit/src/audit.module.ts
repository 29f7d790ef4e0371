import { Global, Module } from '@nestjs/common';
import { Audit } from './audit.service';
import { AuditErasure } from './audit.erasure';
import { AuditJobs } from './audit.jobs';
import { AuditKeys } from './audit-keys.service';
import { AuditLinker } from './audit-linker.service';
import { AuditVerifier } from './audit-verifier.service';

/** Global, because what every other lib does may be an event. */
@Global()
@Module({
  providers: [Audit, AuditErasure, AuditJobs, AuditKeys, AuditLinker, AuditVerifier],
  exports: [Audit, AuditErasure, AuditJobs, AuditVerifier],
})
export class AuditModule {}
