import type { PendingSso } from '@adiuva/client';
import type { ConsoleSession } from './session';

const KEPT = 'adiuva-sso';

interface Pending {
  readonly attempt: PendingSso;
  readonly isKept: boolean;
}

/** Leaves for the provider of the address's team; `/sso` of the console is where it returns to. */
export async function leaveForProvider(session: ConsoleSession, email: string, isKept: boolean): Promise<void> {
  const { sso } = await session.client();
  const { url, pending } = await sso.begin(email, `${location.origin}/console/sso`);
  sessionStorage.setItem(KEPT, JSON.stringify({ attempt: pending, isKept } satisfies Pending));
  location.assign(url);
}

/** What this tab has begun. It stays until the sign-in is finished, for the code of a second factor. */
export function pendingSso(): Pending | undefined {
  const kept = sessionStorage.getItem(KEPT);
  // Only this file writes there.
  return kept === null ? undefined : (JSON.parse(kept) as Pending);
}

export function forgetSso(): void {
  sessionStorage.removeItem(KEPT);
}
