import { TELEMETRY_NAMES, type TelemetryEvent, type TelemetryName } from '@adiuva/telemetry';
import { BooleanField, EnumField, IntegerField, ListField, ObjectField } from '../edge/body/fields';

const MAX_EVENTS = 100;
const MAX_TIME = 8_000_000_000_000;

export class TelemetryEventDto {
  @EnumField(TELEMETRY_NAMES)
  name!: TelemetryName;

  @IntegerField({ minimum: 0, maximum: MAX_TIME, description: 'Milliseconds since 1970' })
  at!: number;

  @ObjectField({
    optional: true,
    description: 'Numbers from 0 to 1e12 and words of a list; any other property is refused',
  })
  properties?: Record<string, unknown>;

  toEvent(): TelemetryEvent {
    return { name: this.name, at: new Date(this.at), properties: this.properties ?? {} };
  }
}

export class TelemetryDto {
  @ListField(TelemetryEventDto, { minItems: 1, maxItems: MAX_EVENTS })
  events!: TelemetryEventDto[];

  toEvents(): TelemetryEvent[] {
    return this.events.map((event) => event.toEvent());
  }
}

export class TelemetryConsentDto {
  @BooleanField({ description: 'Off until the user agrees' })
  enabled!: boolean;
}
