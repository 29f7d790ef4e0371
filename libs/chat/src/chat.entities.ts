import { SpentContinuationRow } from './spent-continuation.entity';

export const CHAT_ENTITIES = [SpentContinuationRow] as const;
