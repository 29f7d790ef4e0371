import { Settings, setting } from '@adiuva/config';

const CHAT = {
  CHAT_CLIENT_TIMEOUT_MS: setting.integer('Milliseconds that the desktop app has to answer a tool call', 30_000, {
    min: 10,
  }),
  CHAT_OUTLIVES_MS: setting.integer(
    'Milliseconds that an answer goes on for an app that was cut off, and that an ended one can be asked for again',
    75_000,
    { min: 10 },
  ),
};

export class ChatConfig extends Settings('Chat', CHAT) {}
