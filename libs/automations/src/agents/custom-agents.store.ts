import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { UserEncryption, type UserCipher } from '@adiuva/auth';
import type { Reader, Tx } from '@adiuva/platform';
import type { CustomAgent, NewCustomAgent } from './custom-agent';
import type { CustomAgentRow } from './custom-agent.entity';

const INSERT = `INSERT INTO custom_agents (id, user_id, name, description, instructions, tools, model_role, memory, enabled)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (user_id, name) DO NOTHING RETURNING *`;
const UPDATE = `UPDATE custom_agents SET name = $3, description = $4, instructions = $5, tools = $6, model_role = $7, memory = $8, enabled = $9,
  version = version + 1, updated_at = now() WHERE id = $1 AND user_id = $2`;

/** The rows of custom agents. Every query names the user. */
@Injectable()
export class CustomAgentStore {
  constructor(private readonly encryption: UserEncryption) {}

  async list(reader: Reader, userId: string): Promise<CustomAgent[]> {
    const rows = await reader.query<CustomAgentRow[]>('SELECT * FROM custom_agents WHERE user_id = $1 ORDER BY name', [
      userId,
    ]);
    return this.opened(reader, userId, rows);
  }

  async byName(reader: Reader, userId: string, name: string): Promise<CustomAgent | undefined> {
    const rows = await reader.query<CustomAgentRow[]>('SELECT * FROM custom_agents WHERE user_id = $1 AND name = $2', [
      userId,
      name,
    ]);
    return (await this.opened(reader, userId, rows))[0];
  }

  /** Throws `not_found`. */
  async get(reader: Reader, userId: string, id: string): Promise<CustomAgent> {
    const rows = await reader.query<CustomAgentRow[]>('SELECT * FROM custom_agents WHERE user_id = $1 AND id = $2', [
      userId,
      id,
    ]);
    const [agent] = await this.opened(reader, userId, rows);
    if (!agent) throw new Problem('not_found');
    return agent;
  }

  async count(reader: Reader, userId: string): Promise<number> {
    const [row] = await reader.query<[{ count: string }]>(
      'SELECT count(*) AS count FROM custom_agents WHERE user_id = $1',
      [userId],
    );
    return Number(row.count);
  }

  /** Throws `conflict` when the user has an agent of that name. */
  async insert(tx: Tx, userId: string, id: string, agent: NewCustomAgent): Promise<void> {
    const cipher = await this.encryption.openIn(tx, userId);
    const rows = await tx.query<unknown[]>(INSERT, [id, userId, ...columns(cipher, id, agent)]);
    if (rows.length === 0) throw nameTaken();
  }

  async update(tx: Tx, userId: string, id: string, agent: NewCustomAgent): Promise<void> {
    const cipher = await this.encryption.openIn(tx, userId);
    await tx.query(UPDATE, [id, userId, ...columns(cipher, id, agent)]);
  }

  async delete(tx: Tx, userId: string, id: string): Promise<void> {
    await tx.query('DELETE FROM custom_agents WHERE user_id = $1 AND id = $2', [userId, id]);
  }

  private async opened(reader: Reader, userId: string, rows: readonly CustomAgentRow[]): Promise<CustomAgent[]> {
    if (rows.length === 0) return [];
    const cipher = await this.encryption.openIn(reader, userId);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      description: cipher.open(`custom_agents.description|${row.id}`, row.description),
      instructions: cipher.open(`custom_agents.instructions|${row.id}`, row.instructions),
      tools: row.tools,
      modelRole: row.model_role,
      memory: row.memory,
      enabled: row.enabled,
      version: row.version,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }));
  }
}

export function nameTaken(): Problem {
  return new Problem('conflict', {
    detail: 'There is an agent of this name',
    errors: [{ field: 'name', message: 'is taken' }],
  });
}

function columns(cipher: UserCipher, id: string, agent: NewCustomAgent): unknown[] {
  return [
    agent.name,
    cipher.seal(`custom_agents.description|${id}`, agent.description),
    cipher.seal(`custom_agents.instructions|${id}`, agent.instructions),
    agent.tools,
    agent.modelRole,
    agent.memory,
    agent.enabled,
  ];
}
