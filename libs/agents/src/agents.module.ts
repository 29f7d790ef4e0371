import { Module } from '@nestjs/common';
import { LlmModule } from '@adiuva/llm';
import { AgentCatalogue } from './agent-catalogue.service';
import { AgentResolver } from './agent-resolver.service';
import { AgentRunner } from './agent-runner.service';
import { ModelCaller } from './model-caller.service';
import { ToolCatalogue } from './tool-catalogue.service';

@Module({
  imports: [LlmModule],
  providers: [AgentCatalogue, AgentResolver, AgentRunner, ModelCaller, ToolCatalogue],
  exports: [AgentCatalogue, AgentResolver, AgentRunner, ModelCaller, ToolCatalogue],
})
export class AgentsModule {}
