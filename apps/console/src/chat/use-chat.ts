import { useCallback, useRef, useState } from 'react';
import { useRecords } from '../records/context';
import { useUser } from '../session/context';
import { currentLanguage } from '../texts/texts';
import { toastError } from '../ui/toasts';
import { carryOut, needsConsent, type Undo } from './actions';
import { clientTools } from './client-tools';
import { CONVERSATIONS, historyOf, newConversation, toRow, type Conversation, type Turn } from './conversation';

export interface SendOptions {
  readonly agents: readonly string[];
  /** Asks for the steps, and carries out none. */
  readonly isPlan: boolean;
}

export interface ChatState {
  readonly conversation: Conversation;
  /** The answer as far as it is written; undefined when none is. */
  readonly streaming: string | undefined;
  readonly error: unknown;
  readonly open: (conversation: Conversation) => void;
  readonly send: (message: string, options: SendOptions) => Promise<void>;
  readonly stop: () => void;
  readonly act: (turnId: string, index: number) => Promise<void>;
  readonly undo: (turnId: string, index: number) => Promise<void>;
  readonly canUndo: (turnId: string, index: number) => boolean;
}

/** One conversation: its answers are streamed, its actions carried out on the records of this browser. */
export function useChat(): ChatState {
  const { client, profile } = useUser();
  const records = useRecords();
  const [conversation, setConversation] = useState(newConversation);
  const [streaming, setStreaming] = useState<string>();
  const [error, setError] = useState<unknown>();
  const latest = useRef(conversation);
  const abort = useRef<AbortController>(undefined);
  const undos = useRef(new Map<string, Undo>());

  const keep = useCallback(
    async (next: Conversation) => {
      latest.current = next;
      setConversation(next);
      if (next.turns.length > 0) await records.write(CONVERSATIONS, toRow(next));
    },
    [records],
  );
  const setAction = (turnId: string, index: number, state: 'done' | 'undone' | 'failed'): Promise<void> =>
    keep({
      ...latest.current,
      turns: latest.current.turns.map((turn) =>
        turn.id !== turnId
          ? turn
          : { ...turn, actions: (turn.actions ?? []).map((shown, at) => (at === index ? { ...shown, state } : shown)) },
      ),
    });
  const act = async (turnId: string, index: number): Promise<void> => {
    const shown = latest.current.turns.find(({ id }) => id === turnId)?.actions?.[index];
    if (!shown) return;
    try {
      const undo = await carryOut(shown.action, records, client);
      if (undo) undos.current.set(`${turnId} ${index}`, undo);
      await setAction(turnId, index, 'done');
    } catch (failure) {
      toastError(failure);
      await setAction(turnId, index, 'failed');
    }
  };
  const add = (turn: Turn): Promise<void> => {
    const { turns, title, ...rest } = latest.current;
    const named = title === '' ? turn.text.slice(0, 60) : title;
    return keep({ ...rest, title: named, updatedAt: Date.now(), turns: [...turns, turn] });
  };

  const send = async (message: string, { agents, isPlan }: SendOptions): Promise<void> => {
    const history = historyOf(latest.current.turns);
    const controller = new AbortController();
    abort.current = controller;
    setError(undefined);
    setStreaming('');
    await add({ id: crypto.randomUUID(), role: 'user', text: message });
    const show = throttled(setStreaming);
    let text = '';
    try {
      const context = {
        user_profile: {
          ...(profile.name === undefined ? {} : { name: profile.name }),
          locale: currentLanguage(),
          timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
        conversation_history: history,
      };
      const request = {
        message,
        context,
        ...(agents.length === 0 ? {} : { agents }),
        ...(isPlan ? { execution_mode: 'plan' as const } : {}),
      };
      const options = { tools: clientTools(records), signal: controller.signal };
      for await (const event of client.chats.stream(request, options)) {
        if (event.type === 'token') show((text += event.text));
        else {
          const id = crypto.randomUUID();
          const actions = (event.actions ?? []).map((action) => ({ action, state: 'waiting' as const }));
          const named = event.agent === undefined ? {} : { agent: event.agent };
          const plan = event.plan === undefined ? {} : { plan: event.plan };
          await add({ id, role: 'assistant', text: event.response ?? text, actions, ...named, ...plan });
          for (const [index, { action }] of actions.entries()) if (!needsConsent(action)) await act(id, index);
        }
      }
    } catch (failure) {
      if (controller.signal.aborted) {
        if (text !== '') await add({ id: crypto.randomUUID(), role: 'assistant', text: `${text} …` });
      } else setError(failure);
    } finally {
      show.end();
      setStreaming(undefined);
    }
  };

  return {
    conversation,
    streaming,
    error,
    send,
    act,
    open: (next) => {
      abort.current?.abort();
      latest.current = next;
      setConversation(next);
      setError(undefined);
    },
    stop: () => abort.current?.abort(),
    undo: async (turnId, index) => {
      const key = `${turnId} ${index}`;
      await undos.current.get(key)?.();
      undos.current.delete(key);
      await setAction(turnId, index, 'undone');
    },
    canUndo: (turnId, index) => undos.current.has(`${turnId} ${index}`),
  };
}

/** Shows at most one text a frame, however many tokens arrive. */
function throttled(show: (text: string) => void): { (text: string): void; end: () => void } {
  let frame = 0;
  let latest = '';
  const schedule = (text: string): void => {
    latest = text;
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      show(latest);
    });
  };
  return Object.assign(schedule, { end: () => cancelAnimationFrame(frame) });
}
