import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { AutomationsModule } from '@adiuva/automations';
import { AgentsController } from './agents.controller';
import { MemoriesController } from './memories.controller';
import { ToolsController } from './tools.controller';

@Module({
  imports: [AgentsModule, AutomationsModule],
  controllers: [AgentsController, ToolsController, MemoriesController],
})
export class AgentsRoutesModule {}
