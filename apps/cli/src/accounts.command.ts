import type { INestApplicationContext } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { AccountAdministration } from '@adiuva/auth';
import { UserAdministration, type ManagedUser } from '@adiuva/billing';
import type { Environment } from '@adiuva/config';
import { inContext } from './command-context';

/** Runs `work` on the account with an id or a whole address; answers with what it returns. */
function onAccount(
  environment: Environment,
  account: string,
  work: (app: INestApplicationContext, user: ManagedUser) => Promise<string>,
): Promise<string> {
  return inContext(environment, async (app) => {
    const { items } = await app.get(UserAdministration).list({ q: account }, { page: 1, limit: 1 });
    const [user] = items;
    if (!user) throw new Problem('not_found', { detail: 'There is no account with this address or id' });
    return work(app, user);
  });
}

export function findAccount(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, user) => {
    await app.get(AccountAdministration).recordView(user.id);
    return [
      `id         ${user.id}`,
      `address    ${user.email}${user.emailVerified ? '' : ' (not confirmed)'}`,
      `state      ${user.disabled ? 'disabled' : 'enabled'}`,
      `role       ${user.role}`,
      `tier       ${user.tier}, ${user.seats} seats`,
      `created    ${user.createdAt.toISOString()}`,
      `last used  ${user.lastUsedAt?.toISOString() ?? 'never'}`,
    ].join('\n');
  });
}

export function setDisabled(environment: Environment, account: string, disabled: boolean): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    await app.get(UserAdministration).change(null, id, { disabled });
    return `${email} is ${disabled ? 'disabled; its sessions have ended' : 'enabled'}.`;
  });
}

export function resetPassword(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    const link = await app.get(AccountAdministration).resetPassword(id);
    return `The password of ${email} is removed and its sessions have ended. The link for another one, shown only now:\n${link}`;
  });
}

export function resetSecondFactor(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    await app.get(AccountAdministration).resetSecondFactor(id);
    return `${email} has no second factor now.`;
  });
}

export function resetPasskeys(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    const count = await app.get(AccountAdministration).resetPasskeys(id);
    return `${count} passkeys of ${email} are deleted, and its sessions have ended.`;
  });
}

export function endSessions(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    await app.get(AccountAdministration).endSessions(id);
    return `All sessions of ${email} have ended.`;
  });
}

export function unlockAccount(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    await app.get(AccountAdministration).unlock(id);
    return `Wrong passwords and codes that were counted against ${email} count no more.`;
  });
}

export function deleteAccount(environment: Environment, account: string): Promise<string> {
  return onAccount(environment, account, async (app, { id, email }) => {
    await app.get(AccountAdministration).erase(id);
    return `${email} is deleted: its data key is destroyed, and a job erases the rest.`;
  });
}
