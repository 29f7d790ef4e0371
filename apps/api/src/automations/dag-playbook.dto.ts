import { ApiProperty } from '@nestjs/swagger';
import type { DagPlaybook } from '@adiuva/automations';
import { DagNodeDto } from './dag-node.dto';

export class DagPlaybookDto {
  @ApiProperty({ description: 'What `POST /create-dag` takes as `playbook`' })
  id!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Parameters with their defaults' })
  params!: Record<string, unknown>;

  @ApiProperty({ type: [String], description: 'Parameters that must be given' })
  required_params!: string[];

  @ApiProperty({ type: [DagNodeDto] })
  nodes!: DagNodeDto[];

  static of({ id, title, description, params, required, nodes }: DagPlaybook): DagPlaybookDto {
    return {
      ...{ id, title, description },
      params: { ...params },
      required_params: [...required],
      nodes: nodes.map((node) => DagNodeDto.of(node)),
    };
  }
}
