import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { AgentCatalogue } from './agent-catalogue.service';
import { AgentRunner } from './agent-runner.service';
import { Thinking } from './thinking.service';

@Module({
  imports: [LlmModule],
  providers: [AgentCatalogue, AgentRunner, Thinking],
  exports: [AgentCatalogue, AgentRunner, Thinking],
})
export class AgentsModule {}
