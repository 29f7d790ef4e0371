import { Problem } from '@adiuva/kernel';
import { AuditVerifier } from '@adiuva/audit';
import type { Environment } from '@adiuva/config';
import { inContext } from './command-context';

/** Names the first broken link of the audit log; then the command fails. */
export function verifyAudit(environment: Environment): Promise<string> {
  return inContext(environment, async (app) => {
    const { events, link, fault } = await app.get(AuditVerifier).verify();
    if (!fault) return `The audit log is whole: ${events} events, hash ${link}.`;
    const place = fault.position === null ? 'outside the chain' : `at position ${fault.position}`;
    throw new Problem('conflict', {
      detail: `The audit log is broken ${place}: ${fault.reason}${fault.id === null ? '' : `, event ${fault.id}`}.`,
    });
  });
}
