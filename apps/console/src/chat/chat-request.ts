import type { ChatRequest } from '@adiuva/client';
import { currentLanguage } from '../texts/texts';
import type { historyOf } from './conversation';

export interface SendOptions {
  readonly agents: readonly string[];
  /** Asks for the steps, and carries out none. */
  readonly isPlan: boolean;
}

/** With what the assistant has to know of the user and of the conversation. */
export function chatRequest(
  message: string,
  { agents, isPlan }: SendOptions,
  history: ReturnType<typeof historyOf>,
  userName: string | undefined,
): ChatRequest {
  const user_profile = {
    ...(userName === undefined ? {} : { name: userName }),
    locale: currentLanguage(),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  return {
    message,
    context: { user_profile, conversation_history: history },
    ...(agents.length === 0 ? {} : { agents }),
    ...(isPlan ? { execution_mode: 'plan' as const } : {}),
  };
}
