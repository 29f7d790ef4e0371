import { useSyncExternalStore } from 'react';
import type { LocalRecords } from '../records/local-records';
import { useRecords } from '../records/context';
import { useUser } from '../session/context';
import { ChatSession, type ChatState } from './chat-session';

/** By the records of a user, so that the conversation is there again after a look at another screen. */
const sessions = new WeakMap<LocalRecords, ChatSession>();

export function useChat(): { readonly session: ChatSession; readonly state: ChatState } {
  const { client, profile } = useUser();
  const records = useRecords();
  const session = sessions.get(records) ?? new ChatSession(client, records, profile.name);
  sessions.set(records, session);
  const state = useSyncExternalStore(session.subscribe, session.current);
  return { session, state };
}
