export { ChatStream, type StreamListener } from './chat-stream';
export { Chat, type ChatRequest, type ChatResult } from './chat.service';
export { ChatModule } from './chat.module';
