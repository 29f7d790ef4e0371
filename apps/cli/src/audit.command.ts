import { isId, Problem } from '@adiuva/kernel';
import { Audit, AuditVerifier } from '@adiuva/audit';
import { Accounts } from '@adiuva/auth';
import type { Environment } from '@adiuva/config';
import { inContext } from './command-context';

const LISTED = 50;

/** The newest events; with an address or id, those that this account has caused. */
export function listAudit(environment: Environment, account?: string): Promise<string> {
  return inContext(environment, async (app) => {
    const actor = account === undefined || isId(account) ? account : await app.get(Accounts).idOf(account);
    const { events } = await app.get(Audit).search({ actor }, { limit: LISTED });
    const lines = events.map(
      ({ at, action, userId, actorId, details }) =>
        `  ${at.toISOString()}  ${action}  account ${userId ?? '-'}  by ${actorId ?? 'server'}  ${JSON.stringify(details ?? {})}`,
    );
    return [`The newest ${lines.length} events:`, ...lines].join('\n');
  });
}

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
