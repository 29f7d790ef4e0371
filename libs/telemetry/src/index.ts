export { TELEMETRY_ENTITIES } from './telemetry.entities';
export { TELEMETRY_NAMES, type TelemetryEvent, type TelemetryName } from './telemetry-event';
export { TelemetryModule } from './telemetry.module';
export { Telemetry } from './telemetry.service';
