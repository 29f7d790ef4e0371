import { LangchainChatModel } from './langchain-chat-model.adapter';
import { describeProvider } from './provider-descriptor';

/** The built-in command reader: no model, no network. It is warmed up when it is loaded, before the first message. */
export const offline = describeProvider({
  name: 'offline',
  isFree: true,
  settings: {},
  required: [],
  models: () => ({ large: 'offline', small: 'offline' }),
  connect: async (_, target) => {
    const { OfflineChatModel, warmUp } = await import('@adiuva/offline-assistant');
    warmUp(Date.now());
    return new LangchainChatModel(new OfflineChatModel({}), target.origin);
  },
});
