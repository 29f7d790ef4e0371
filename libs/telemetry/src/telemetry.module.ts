import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { Telemetry } from './telemetry.service';

@Module({ imports: [AuthModule], providers: [Telemetry], exports: [Telemetry] })
export class TelemetryModule {}
