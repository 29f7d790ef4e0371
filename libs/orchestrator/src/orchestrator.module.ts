import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { LlmModule } from '@adiuva/llm';
import { IntentRouter } from './intent-router.service';
import { Orchestrator } from './orchestrator.service';

@Module({ imports: [AgentsModule, LlmModule], providers: [IntentRouter, Orchestrator], exports: [Orchestrator] })
export class OrchestratorModule {}
