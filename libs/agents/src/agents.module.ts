import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { AgentCatalogue } from './agent-catalogue.service';
import { AgentRunner } from './agent-runner.service';
import { ModelCaller } from './model-caller.service';

@Module({
  imports: [LlmModule],
  providers: [AgentCatalogue, AgentRunner, ModelCaller],
  exports: [AgentCatalogue, AgentRunner, ModelCaller],
})
export class AgentsModule {}
