export type { Agent } from './agent';
export { AgentCatalogue } from './agent-catalogue.service';
export { AgentLoader } from './agent-loader.port';
export { AgentResolver } from './agent-resolver.service';
export { AgentRunner, type AgentResult, type PreviousResult } from './agent-runner.service';
export { AgentsModule } from './agents.module';
export { ChatContextShape, timezoneOf, type ChatContext } from './chat-context';
export { CustomAgentSource } from './custom-agent-source.port';
export { serverTool, ToolArgumentsError, type ServerTool } from './tool';
export {
  ClientToolResultShape,
  Journal,
  JournalShape,
  type ClientToolResult,
  type JournalEntry,
  type Usage,
} from './journal';
export { ModelCaller } from './model-caller.service';
export { assertArguments, runTool } from './single-tool';
export { ACTION_TYPES, type AgentTool, type PlanAction } from './tool';
export { ToolCatalogue, type ToolView } from './tool-catalogue.service';
export { computeReport, REPORT_KINDS, type ReportInput, type ReportKind } from './report';
export { CALL_AGENT } from './delegate.tools';
export { MAX_MEMORY_LENGTH, rememberTool } from './remember.tools';
export { TurnBudget } from './turn-budget';
export type { ClientToolExecutor, ClientToolCall, TokenSink, TurnContext } from './turn-context';
