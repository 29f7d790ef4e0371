export { Orchestrator, type OrchestratorRequest, type OrchestratorResult } from './orchestrator.service';
export { OrchestratorModule } from './orchestrator.module';
