import { SpentContinuationRow } from './spent-continuation.entity';
import { ChatStreamPartRow, ChatStreamRow } from './stored-streams/stored-stream.entity';

export const CHAT_ENTITIES = [SpentContinuationRow, ChatStreamRow, ChatStreamPartRow] as const;
