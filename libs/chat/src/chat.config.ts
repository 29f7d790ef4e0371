import { Settings, setting } from '@adiuva/config';

const CHAT = {
  CHAT_CLIENT_TIMEOUT_MS: setting.integer('Milliseconds that the desktop app has to answer a tool call', 30_000, {
    min: 10,
  }),
};

export class ChatConfig extends Settings('Chat', CHAT) {}
