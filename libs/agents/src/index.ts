export type { Agent } from './agent';
export { AgentCatalogue } from './agent-catalogue.service';
export { AgentRunner, type AgentResult, type PreviousResult } from './agent-runner.service';
export { AgentsModule } from './agents.module';
export { ChatContextShape, timezoneOf, type ChatContext } from './chat-context';
export { Journal, JournalShape, type ClientToolResult, type JournalEntry, type Usage } from './journal';
export { ModelCaller } from './model-caller.service';
export { ACTION_TYPES, type PlanAction } from './tool';
export type { ClientToolExecutor, ClientToolCall, TokenSink, TurnContext } from './turn-context';
