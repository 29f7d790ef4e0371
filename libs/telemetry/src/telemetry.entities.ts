import { TelemetryConsentRow, TelemetryCountRow } from './telemetry.entity';

export const TELEMETRY_ENTITIES = [TelemetryCountRow, TelemetryConsentRow] as const;
