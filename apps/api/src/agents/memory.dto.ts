import { ApiProperty } from '@nestjs/swagger';
import { MAX_MEMORY_LENGTH } from '@adiuva/agents';
import type { Memory, NewMemory } from '@adiuva/automations';
import { StringField, TIME } from '../edge/body/fields';
import { PageQuery } from '../edge/http/page.dto';

const AGENT_NAME = /^[a-z][a-z0-9_]{2,62}$/;
const AGENT = {
  nullable: true,
  pattern: AGENT_NAME,
  description: 'The agent that it is for; null for every agent with memory',
} as const;

export class NewMemoryDto {
  @StringField({ ...AGENT, optional: true })
  agent?: string | null;

  @StringField({ minLength: 1, maxLength: MAX_MEMORY_LENGTH })
  content!: string;

  toMemory(): NewMemory {
    return { agent: this.agent ?? null, content: this.content };
  }
}

export class ChangeMemoryDto {
  @StringField({ ...AGENT, optional: true })
  agent?: string | null;

  @StringField({ optional: true, minLength: 1, maxLength: MAX_MEMORY_LENGTH })
  content?: string;

  toChange(): Partial<NewMemory> {
    return {
      ...(this.agent === undefined ? {} : { agent: this.agent }),
      ...(typeof this.content === 'string' ? { content: this.content } : {}),
    };
  }
}

export class ListMemoriesQuery extends PageQuery {
  @StringField({ optional: true, pattern: AGENT_NAME })
  agent?: string;
}

export class MemoryDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  agent!: string | null;

  @ApiProperty()
  content!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Also the entity tag' })
  version!: number;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static of({ id, agent, content, version, createdAt, updatedAt }: Memory): MemoryDto {
    return { id, agent, content, version, created_at: createdAt.getTime(), updated_at: updatedAt.getTime() };
  }
}
