import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { AgentCatalogue } from './agent-catalogue.service';
import { AgentRunner } from './agent-runner.service';

@Module({ imports: [LlmModule], providers: [AgentCatalogue, AgentRunner], exports: [AgentCatalogue, AgentRunner] })
export class AgentsModule {}
