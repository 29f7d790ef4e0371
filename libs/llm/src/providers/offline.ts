import { LangchainChatModel } from './langchain-chat-model.adapter';
import { describeProvider } from './provider-descriptor';

/** The built-in command reader: no model, no network. */
export const offline = describeProvider({
  name: 'offline',
  isFree: true,
  settings: {},
  required: [],
  models: () => ({ large: 'offline', small: 'offline' }),
  connect: async (_, target) => {
    const { OfflineChatModel } = await import('../offline/offline.adapter');
    return new LangchainChatModel(new OfflineChatModel({}), target.origin);
  },
});
