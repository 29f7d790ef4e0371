import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const AGENTS = [
  { name: 'task_agent', description: 'Creates, changes and finds tasks and reminders, and comments on them' },
  { name: 'project_agent', description: 'Creates, changes, archives and finds projects' },
  { name: 'note_agent', description: 'Writes, changes and finds notes' },
];

@Controller('api/v1/agents')
class AgentsController {
  @Get()
  list(): typeof AGENTS {
    return AGENTS;
  }
}

@Module({ controllers: [AgentsController] })
class BareModule {}

/** The least that Nest on Express does for the same answer: no token, no limits, no log, no request id. */
async function main(): Promise<void> {
  const app = await NestFactory.create(BareModule, { logger: false });
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
}

void main();
