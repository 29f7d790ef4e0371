export { LlmConfig } from './llm.config';
export { LlmModule } from './llm.module';
export type { ModelCall, ToolSchema } from './model-source.port';
export type { ProviderName, Role } from './model-tier';
export { Models } from './models.service';
export { TokenBudget } from './token-budget.service';
export { TokenUsageRow } from './token-usage.entity';
export { ToolCalls } from './tool-calls';
