import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsNotEmptyObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { CONDITION_OPERATORS, type Condition, type DagNode } from '@adiuva/automations';
import { EnumField, ObjectField, StringField } from '../edge/body/fields';

const INSTRUCTIONS_MAX = 16_000;
const NAME_MAX = 200;
const PATH_MAX = 200;
const MAX_DEPENDENCIES = 1_000;
const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const TEMPLATES =
  '`{{node.output}}` and `{{params.name}}` are filled in; a path may follow, such as `{{node.output.items.0}}`';

export class ConditionDto {
  @StringField({ pattern: NODE_ID, description: 'An earlier node that this one depends on' })
  node!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: PATH_MAX,
    description: 'A member of the output, such as `items.0.title`',
  })
  @IsOptional()
  @IsString()
  @Length(1, PATH_MAX)
  path?: string | null;

  @EnumField(CONDITION_OPERATORS)
  operator!: Condition['operator'];

  @ApiPropertyOptional({
    description: 'What the output is compared with; `exists` and `empty` need none',
    nullable: true,
  })
  @IsOptional()
  @Allow()
  value?: unknown;

  static of({ node, path, operator, value }: Condition): ConditionDto {
    return { node, operator, ...(path === null ? {} : { path }), ...(value === undefined ? {} : { value }) };
  }
}

/** One step of a DAG, as it is sent and answered. */
export class DagNodeDto {
  @StringField({ pattern: NODE_ID, description: 'Unique in the DAG; `params` is reserved' })
  id!: string;

  @StringField({ optional: true, minLength: 1, maxLength: NAME_MAX, description: 'The id unless given' })
  name?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'Either an agent or a tool' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  agent?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'A read tool asks a device, the action of a write tool waits in the output',
  })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  tool?: string | null;

  @StringField({
    optional: true,
    nullable: true,
    maxLength: INSTRUCTIONS_MAX,
    description: `What the agent has to do. ${TEMPLATES}`,
  })
  instructions?: string | null;

  @ObjectField({ optional: true, description: `Arguments of the tool, or data for the agent. ${TEMPLATES}` })
  arguments?: Record<string, unknown>;

  @ApiPropertyOptional({ type: [String], description: 'Ids of nodes that have to end first' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_DEPENDENCIES)
  @IsString({ each: true })
  depends_on?: string[];

  @ApiPropertyOptional({
    type: ConditionDto,
    nullable: true,
    description: 'The node is skipped where it does not hold',
  })
  @IsOptional()
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => ConditionDto)
  when?: ConditionDto | null;

  @EnumField(['fail', 'continue'], {
    optional: true,
    default: 'fail',
    description: 'Whether a failure of the node fails the execution',
  })
  on_error?: 'fail' | 'continue';

  static of(node: DagNode): DagNodeDto {
    const { id, name, agent, tool, instructions } = node;
    return {
      ...{ id, name },
      ...(agent === null ? {} : { agent }),
      ...(tool === null ? {} : { tool }),
      ...(instructions === null ? {} : { instructions }),
      arguments: { ...node.arguments },
      depends_on: [...node.dependsOn],
      ...(node.when === null ? {} : { when: ConditionDto.of(node.when) }),
      on_error: node.onError,
    };
  }
}

export function toNode(node: DagNodeDto): DagNode {
  const { when } = node;
  return {
    id: node.id,
    name: node.name ?? node.id,
    agent: node.agent ?? null,
    tool: node.tool ?? null,
    instructions: node.instructions ?? null,
    arguments: node.arguments ?? {},
    dependsOn: node.depends_on ?? [],
    when: when
      ? { node: when.node, path: when.path ?? null, operator: when.operator, value: when.value ?? null }
      : null,
    onError: node.on_error ?? 'fail',
  };
}
