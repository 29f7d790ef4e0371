export type { Agent } from './agent';
export { AgentCatalogue } from './agent-catalogue.service';
export { AgentRunner, type AgentResult, type AgentTask, type Say, type Usage } from './agent-runner.service';
export { AgentsModule } from './agents.module';
export { ChatContextShape, type ChatContext } from './chat-context';
export { ACTION_TYPES, type PlanAction } from './tool';
