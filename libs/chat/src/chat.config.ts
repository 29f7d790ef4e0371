import { Settings, setting } from '@adiuva/config';

const CHAT = {
  CHAT_CLIENT_TIMEOUT_MS: setting.integer('Milliseconds that the desktop app has to answer a tool call', 30_000, {
    min: 10,
  }),
  CHAT_DETACHED_TTL_MS: setting.integer(
    'Milliseconds that an answer continues for a disconnected app, and that an ended one can be resumed',
    75_000,
    { min: 10 },
  ),
};

export class ChatConfig extends Settings('Chat', CHAT) {}
