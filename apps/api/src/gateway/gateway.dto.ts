import { ApiProperty } from '@nestjs/swagger';
import type { ToolCallOutcome } from '@adiuva/gateway';
import { ObjectField } from '../edge/body/fields';

export class GatewayCallDto {
  @ObjectField({ description: 'As the schema of the tool says; `GET /tools/{name}` has it' })
  arguments!: Record<string, unknown>;
}

export class GatewayResultDto {
  @ApiProperty({ description: 'What the tool gives; for a change the fields that the app is told to write' })
  result!: unknown;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The run whose action the app carries out; null where nothing is left to do',
  })
  run_id!: string | null;
}

export class GatewayRunDto {
  @ApiProperty({ format: 'uuid', description: 'The run that asks a device; its result is for the devices of the user' })
  run_id!: string;

  static of(outcome: ToolCallOutcome): GatewayResultDto | GatewayRunDto {
    if (outcome.kind === 'run') return { run_id: outcome.runId };
    return { result: outcome.result, run_id: outcome.runId };
  }
}

export class GatewayStatusDto {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';

  @ApiProperty()
  version!: string;
}
