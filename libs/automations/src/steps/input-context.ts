import { ChatContextShape, type ChatContext } from '@adiuva/agents';

/**
 * The input of a goal, or the parameters of a DAG, as agents read them. Members that a chat's context has are taken as such; rows of
 * other kinds (`projects`, `notes`, …) are looked up where a chat's profile has them.
 */
export function inputContext(input: Readonly<Record<string, unknown>>): ChatContext {
  const asChat = ChatContextShape.safeParse(input);
  if (asChat.success) return asChat.data;
  const { tasks, recent_tasks = tasks, relevant_documents, conversation_history, user_profile, ...others } = input;
  const mapped = {
    ...(recent_tasks === undefined ? {} : { recent_tasks }),
    ...(relevant_documents === undefined ? {} : { relevant_documents }),
    ...(conversation_history === undefined ? {} : { conversation_history }),
    user_profile: { ...(typeof user_profile === 'object' ? user_profile : {}), ...others },
  };
  const parsed = ChatContextShape.safeParse(mapped);
  return parsed.success ? parsed.data : {};
}

/** Whether the input has data to look in; otherwise read tools ask a device. */
export function hasData(input: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(input).some((key) => key !== 'user_profile');
}
