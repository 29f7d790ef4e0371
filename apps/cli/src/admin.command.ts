import { randomBytes } from 'node:crypto';
import { Problem, TIERS, type Tier } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { Accounts } from '@adiuva/auth';
import { Entitlements } from '@adiuva/billing';
import type { Environment } from '@adiuva/config';
import { Database } from '@adiuva/platform';
import { inContext } from './command-context';

const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const PASSWORD_BYTES = 18;

export function createAdmin(environment: Environment, email: string): Promise<string> {
  if (!ADDRESS.test(email)) throw new Problem('validation_failed', { detail: 'EMAIL must be an e-mail address' });
  return inContext(environment, async (app) => {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    const outcome = await app.get(Accounts).makeAdmin(email, password);
    const userId = await app.get(Accounts).idOf(email);
    await app
      .get(Database)
      .transaction((tx) => app.get(Audit).record(tx, { action: 'admin.created', userId, actorId: null }));
    return outcome === 'promoted'
      ? `${email} is an administrator now.`
      : `Made the administrator ${email}. Password, shown only now: ${password}`;
  });
}

export function setTier(environment: Environment, email: string, tier: string, seats = '1'): Promise<string> {
  const wanted = TIERS.find((known): known is Tier => known === tier);
  const count = Number(seats);
  if (!wanted) throw new Problem('validation_failed', { detail: `TIER must be one of ${TIERS.join(', ')}` });
  if (!Number.isInteger(count) || count < 1)
    throw new Problem('validation_failed', { detail: 'SEATS must be a whole number from 1' });
  return inContext(environment, async (app) => {
    const userId = await app.get(Accounts).idOf(email);
    await app.get(Database).transaction((tx) => app.get(Entitlements).set(tx, userId, { tier: wanted, seats: count }));
    return `${email} has the tier ${wanted} now.`;
  });
}
