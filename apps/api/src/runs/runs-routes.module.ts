import { Module } from '@nestjs/common';
import { RunsModule } from '@adiuva/runs';
import { ChatRoutesModule } from '../chat/chat-routes.module';
import { DeviceCalls } from './device-calls.service';
import { RunEventStream } from './run-event-stream.service';
import { RunsController } from './runs.controller';
import { RunsGateway } from './runs.gateway';

@Module({
  imports: [RunsModule, ChatRoutesModule],
  controllers: [RunsController],
  providers: [DeviceCalls, RunEventStream, RunsGateway],
  exports: [RunEventStream],
})
export class RunsRoutesModule {}
