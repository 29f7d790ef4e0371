import { createContext, useContext } from 'react';
import type { ConsoleSession, Unlocked } from './session';

export const SessionContext = createContext<ConsoleSession | undefined>(undefined);
export const UnlockedContext = createContext<Unlocked | undefined>(undefined);

export function useConsoleSession(): ConsoleSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no session around this component');
  return session;
}

/** The signed-in user; only for what is shown inside of the shell. */
export function useUser(): Unlocked {
  const user = useContext(UnlockedContext);
  if (!user) throw new Error('No user is signed in around this component');
  return user;
}
