import { TokenUsageRow } from './budget/token-usage.entity';

export const LLM_ENTITIES = [TokenUsageRow] as const;
