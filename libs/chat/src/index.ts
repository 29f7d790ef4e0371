export type { ChatRequest, ChatResult, ClientResult, RequiresAction } from './chat-request';
export { ChatStream, type ClientCall, type StreamListener } from './chat-stream';
export { Chat } from './chat.service';
export { ChatConfig } from './chat.config';
export { ChatModule } from './chat.module';
export { ContinuationsModule } from './continuations.module';
export { Continuations } from './continuation.service';
export { SpentContinuationRow } from './spent-continuation.entity';
