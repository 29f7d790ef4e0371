export { LlmConfig, type ProviderName } from './llm.config';
export { LlmModule } from './llm.module';
export { Models, type ModelCall, type ToolSchema } from './models.service';
export { OfflineChatModel } from './offline/offline.adapter';
export { usageOf } from './usage';
