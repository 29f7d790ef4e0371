import { Module } from '@nestjs/common';
import { TelemetryModule } from '@adiuva/telemetry';
import { TelemetryController } from './telemetry.controller';

@Module({ imports: [TelemetryModule], controllers: [TelemetryController] })
export class TelemetryRoutesModule {}
