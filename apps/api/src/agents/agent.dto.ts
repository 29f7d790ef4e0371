import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsOptional, IsString, Length } from 'class-validator';
import type { Agent } from '@adiuva/agents';
import {
  AGENT_MODEL_ROLES,
  type AgentModelRole,
  type CustomAgent,
  type CustomAgentChange,
  type NewCustomAgent,
} from '@adiuva/automations';
import { BooleanField, EnumField, StringField, TIME } from '../edge/body/fields';

const NAME = /^[a-z][a-z0-9_]{2,62}$/;
const MAX_DESCRIPTION = 500;
const MAX_INSTRUCTIONS = 16_000;
const MAX_TOOLS = 100;
const MAX_TOOL_NAME = 64;

export class NewAgentDto {
  @StringField({ pattern: NAME, description: 'Unique for the user, and no name of a built-in agent' })
  name!: string;

  @StringField({ minLength: 1, maxLength: MAX_DESCRIPTION })
  description!: string;

  @StringField({ minLength: 1, maxLength: MAX_INSTRUCTIONS })
  instructions!: string;

  @ApiProperty({ type: [String], maxItems: MAX_TOOLS, description: 'Names of `GET /tools`' })
  @IsArray()
  @ArrayMaxSize(MAX_TOOLS)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, MAX_TOOL_NAME, { each: true })
  tools!: string[];

  @EnumField(AGENT_MODEL_ROLES, { optional: true, default: 'agent', description: 'Whose models it uses' })
  model_role?: AgentModelRole;

  @BooleanField({ optional: true, default: false, description: 'Whether it sees memories and may add to them' })
  memory?: boolean;

  @BooleanField({ optional: true, default: true })
  enabled?: boolean;

  toAgent(): NewCustomAgent {
    const { name, description, instructions, tools } = this;
    return {
      ...{ name, description, instructions, tools },
      modelRole: this.model_role ?? 'agent',
      memory: this.memory ?? false,
      enabled: this.enabled ?? true,
    };
  }
}

export class ChangeAgentDto {
  @StringField({ optional: true, pattern: NAME })
  name?: string;

  @StringField({ optional: true, minLength: 1, maxLength: MAX_DESCRIPTION })
  description?: string;

  @StringField({ optional: true, minLength: 1, maxLength: MAX_INSTRUCTIONS })
  instructions?: string;

  @ApiPropertyOptional({ type: [String], maxItems: MAX_TOOLS })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TOOLS)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, MAX_TOOL_NAME, { each: true })
  tools?: string[];

  @EnumField(AGENT_MODEL_ROLES, { optional: true })
  model_role?: AgentModelRole;

  @BooleanField({ optional: true })
  memory?: boolean;

  @BooleanField({ optional: true })
  enabled?: boolean;

  toChange(): CustomAgentChange {
    return {
      ...(typeof this.name === 'string' ? { name: this.name } : {}),
      ...(typeof this.description === 'string' ? { description: this.description } : {}),
      ...(typeof this.instructions === 'string' ? { instructions: this.instructions } : {}),
      ...(this.tools ? { tools: this.tools } : {}),
      ...(this.model_role ? { modelRole: this.model_role } : {}),
      ...(typeof this.memory === 'boolean' ? { memory: this.memory } : {}),
      ...(typeof this.enabled === 'boolean' ? { enabled: this.enabled } : {}),
    };
  }
}

/** An entry of the list of agents. */
export class AgentDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ enum: ['builtin', 'custom'] })
  kind!: 'builtin' | 'custom';

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of a custom agent' })
  id?: string;

  @ApiProperty()
  enabled!: boolean;

  static builtin({ name, description }: Pick<Agent, 'name' | 'description'>): AgentDto {
    return { name, description, kind: 'builtin', enabled: true };
  }

  static custom({ id, name, description, enabled }: CustomAgent): AgentDto {
    return { name, description, kind: 'custom', id, enabled };
  }
}

/** An agent that the user has made. */
export class CustomAgentDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ['custom'] })
  kind!: 'custom';

  @ApiProperty()
  description!: string;

  @ApiProperty()
  instructions!: string;

  @ApiProperty({ type: [String] })
  tools!: string[];

  @ApiProperty({ enum: AGENT_MODEL_ROLES })
  model_role!: AgentModelRole;

  @ApiProperty()
  memory!: boolean;

  @ApiProperty()
  enabled!: boolean;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Also the entity tag' })
  version!: number;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static of(agent: CustomAgent): CustomAgentDto {
    const { id, name, description, instructions, tools, memory, enabled, version } = agent;
    return {
      ...{ id, name, description, instructions, memory, enabled, version },
      kind: 'custom',
      tools: [...tools],
      model_role: agent.modelRole,
      created_at: agent.createdAt.getTime(),
      updated_at: agent.updatedAt.getTime(),
    };
  }
}
