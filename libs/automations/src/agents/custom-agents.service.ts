import { Injectable } from '@nestjs/common';
import {
  featuresOf,
  invalidField,
  lowestTierWith,
  newId,
  Problem,
  satisfies,
  type Precondition,
  type Principal,
} from '@adiuva/kernel';
import { AgentCatalogue, ToolCatalogue } from '@adiuva/agents';
import { lockLiveUser } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import type { CustomAgent, CustomAgentChange, NewCustomAgent } from './custom-agent';
import { CustomAgentStore, nameTaken } from './custom-agents.store';

const REMEMBER = 'remember';
const IN_USE = `SELECT 1 FROM goals WHERE user_id = $1 AND agent = $2 AND status = 'active' LIMIT 1`;
const RENAME = [
  'UPDATE goals SET agent = $3 WHERE user_id = $1 AND agent = $2',
  'UPDATE memories SET agent = $3 WHERE user_id = $1 AND agent = $2',
];

/** The agents that users make. Their changes take turns under the row of the user, so that limits and names hold. */
@Injectable()
export class CustomAgents {
  constructor(
    private readonly database: Database,
    private readonly store: CustomAgentStore,
    private readonly catalogue: AgentCatalogue,
    private readonly tools: ToolCatalogue,
  ) {}

  list(owner: Principal): Promise<CustomAgent[]> {
    return this.database.read((reader) => this.store.list(reader, owner.userId));
  }

  /** Names of those that the caller may use now. */
  async usableNames({ userId, tier }: Principal): Promise<string[]> {
    if (featuresOf(tier).customAgents === 0) return [];
    const rows = await this.database.query<{ name: string }>(
      'SELECT name FROM custom_agents WHERE user_id = $1 AND enabled',
      [userId],
    );
    return rows.map(({ name }) => name);
  }

  get(owner: Principal, id: string): Promise<CustomAgent> {
    return this.database.read((reader) => this.store.get(reader, owner.userId, id));
  }

  /**
   * Throws `upgrade_required` for a tier without custom agents, `quota_exceeded` beyond their number, `conflict` for a name that is taken,
   * `validation_failed` for an unknown tool.
   */
  async create(owner: Principal, agent: NewCustomAgent): Promise<CustomAgent> {
    this.check(agent);
    const id = newId();
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, owner.userId, 'UPDATE');
      assertCapacity(owner, await this.store.count(tx, owner.userId));
      await this.store.insert(tx, owner.userId, id, agent);
      return this.store.get(tx, owner.userId, id);
    });
  }

  /** A new name is carried over to goals and memories. Throws `precondition_failed`. */
  async change(owner: Principal, id: string, change: CustomAgentChange, expected: Precondition): Promise<CustomAgent> {
    const { userId } = owner;
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId, 'UPDATE');
      const present = await this.store.get(tx, userId, id);
      if (!satisfies(present.version, expected)) throw new Problem('precondition_failed');
      const changed = { ...present, ...change };
      this.check(changed);
      if (changed.name !== present.name) {
        if (await this.store.byName(tx, userId, changed.name)) throw nameTaken();
        for (const rename of RENAME) await tx.query(rename, [userId, present.name, changed.name]);
      }
      await this.store.update(tx, userId, id, changed);
      return this.store.get(tx, userId, id);
    });
  }

  /** With the memories that are for this agent alone. Throws `conflict` while an active goal uses it. */
  async delete(owner: Principal, id: string): Promise<void> {
    const { userId } = owner;
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId, 'UPDATE');
      const { name } = await this.store.get(tx, userId, id);
      const uses = await tx.query<unknown[]>(IN_USE, [userId, name]);
      if (uses.length > 0) throw new Problem('conflict', { detail: 'An active goal uses this agent' });
      await tx.query('DELETE FROM memories WHERE user_id = $1 AND agent = $2', [userId, name]);
      await this.store.delete(tx, userId, id);
    });
  }

  /** Under the lock of the user: an agent that is named by what is being stored. Throws `validation_failed` for one that does not exist. */
  async assertExists(tx: Tx, owner: Principal, name: string): Promise<void> {
    if (this.catalogue.has(name) || (await this.store.byName(tx, owner.userId, name))) return;
    throw invalidField('agent', 'there is no such agent');
  }

  private check({ name, tools, memory }: NewCustomAgent): void {
    if (this.catalogue.has(name)) throw nameTaken();
    this.tools.assertKnown(tools);
    const at = tools.indexOf(REMEMBER);
    if (at === -1 || memory) return;
    throw invalidField(`tools.${at}`, 'is for agents with memory');
  }
}

function assertCapacity({ tier }: Principal, count: number): void {
  const { customAgents } = featuresOf(tier);
  if (count < customAgents) return;
  if (customAgents > 0) throw new Problem('quota_exceeded', { detail: `At most ${customAgents} agents of your own` });
  throw new Problem('upgrade_required', {
    detail: 'Your plan does not include agents of your own',
    members: { required_tier: lowestTierWith((features) => features.customAgents > 0) },
  });
}
