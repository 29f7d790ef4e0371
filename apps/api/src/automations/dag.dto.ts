import { ApiProperty } from '@nestjs/swagger';
import { Problem } from '@adiuva/kernel';
import { DAG_STATUSES, type Dag, type DagChange, type DagSource, type DagStatus } from '@adiuva/automations';
import { EnumField, ListField, ObjectField, StringField, TIME } from '../edge/body/fields';
import { PageQuery } from '../edge/http/page.dto';
import { DagNodeDto, toNode } from './dag-node.dto';
import { HasLetter } from './has-letter';

const TITLE_MAX = 200;
const GOAL_TEXT_MAX = 16_000;
const PLAYBOOK_MAX = 64;
const NODES = {
  minItems: 1,
  description: 'At most 100; more are refused with 422 `invalid_dag`',
} as const;
const PARAMS = {
  type: 'object',
  additionalProperties: true,
  description: 'The parameters that templates may name, with their defaults',
} as const;

export class DagDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ enum: DAG_STATUSES })
  status!: DagStatus;

  @ApiProperty({ type: [DagNodeDto] })
  nodes!: DagNodeDto[];

  @ApiProperty(PARAMS)
  params!: Record<string, unknown>;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Counts changes of nodes and parameters' })
  version!: number;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static of({ id, title, status, nodes, params, version, createdAt, updatedAt }: Dag): DagDto {
    return {
      ...{ id, title, status, version },
      nodes: nodes.map((node) => DagNodeDto.of(node)),
      params: { ...params },
      created_at: createdAt.getTime(),
      updated_at: updatedAt.getTime(),
    };
  }
}

export class CreateDagDto {
  @StringField({
    optional: true,
    minLength: 1,
    maxLength: GOAL_TEXT_MAX,
    description: 'What is to be done, in words, with a letter at least',
  })
  @HasLetter()
  goal_text?: string;

  @StringField({
    optional: true,
    minLength: 1,
    maxLength: PLAYBOOK_MAX,
    description: 'The id of a playbook of `GET /playbooks`',
  })
  playbook?: string;

  @StringField({ optional: true, minLength: 1, maxLength: TITLE_MAX, description: 'With `nodes`' })
  title?: string;

  @ListField(DagNodeDto, { optional: true, ...NODES })
  nodes?: DagNodeDto[];

  @ObjectField({ optional: true, ...PARAMS })
  params?: Record<string, unknown>;

  /** Throws `validation_failed` unless there is exactly one source. */
  toSource(): DagSource {
    const { goal_text: text, playbook, title, nodes } = this;
    const params = this.params ?? {};
    const given = [text, playbook, nodes].filter((source) => source !== undefined && source !== null);
    if (given.length === 1 && nodes && typeof title === 'string')
      return { kind: 'nodes', content: { title, nodes: nodes.map(toNode), params } };
    if (given.length === 1 && typeof text === 'string') return { kind: 'text', text, params };
    if (given.length === 1 && typeof playbook === 'string') return { kind: 'playbook', playbook, params };
    const message = 'either goal_text, or playbook, or title and nodes';
    throw new Problem('validation_failed', { detail: `Send ${message}`, errors: [{ field: 'nodes', message }] });
  }
}

export class ChangeDagDto {
  @EnumField(DAG_STATUSES, { optional: true })
  status?: DagStatus;

  @StringField({ optional: true, minLength: 1, maxLength: TITLE_MAX })
  title?: string;

  @ListField(DagNodeDto, { optional: true, ...NODES })
  nodes?: DagNodeDto[];

  @ObjectField({ optional: true, ...PARAMS })
  params?: Record<string, unknown>;

  toChange(): DagChange {
    const { status, title, nodes, params } = this;
    return {
      ...(status ? { status } : {}),
      ...(typeof title === 'string' ? { title } : {}),
      ...(nodes ? { nodes: nodes.map(toNode) } : {}),
      ...(params ? { params } : {}),
    };
  }
}

export class ListDagsQuery extends PageQuery {
  @EnumField(DAG_STATUSES, { optional: true })
  status?: DagStatus;
}
