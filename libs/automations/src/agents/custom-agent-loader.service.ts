import { Injectable, type OnModuleInit } from '@nestjs/common';
import { featuresOf, invalidField, lowestTierWith, Problem, type Principal } from '@adiuva/kernel';
import {
  AgentCatalogue,
  AgentResolver,
  CALL_AGENT,
  CustomAgentSource,
  rememberTool,
  ToolCatalogue,
} from '@adiuva/agents';
import type { Agent } from '@adiuva/agents';
import { Database } from '@adiuva/platform';
import { Memories } from '../memories/memories.service';
import { CustomAgentStore } from './custom-agents.store';

/** Makes the agents of users ready to run: their instructions, tools and memories. */
@Injectable()
export class CustomAgentLoader extends CustomAgentSource implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly store: CustomAgentStore,
    private readonly memories: Memories,
    private readonly catalogue: AgentCatalogue,
    private readonly tools: ToolCatalogue,
    private readonly resolver: AgentResolver,
  ) {
    super();
  }

  onModuleInit(): void {
    this.resolver.register(this);
  }

  async find(caller: Principal, name: string): Promise<Agent | undefined> {
    const agent = await this.database.read((reader) => this.store.byName(reader, caller.userId, name));
    if (!agent) return undefined;
    assertUsable(caller, agent.enabled);
    const tools = this.tools.of(agent.tools);
    const made = {
      name,
      description: agent.description,
      prompt: this.catalogue.promptFor(agent.instructions),
      custom: { instructions: agent.instructions, modelRole: agent.modelRole },
      mayCallAgents: agent.tools.includes(CALL_AGENT),
    };
    if (!agent.memory) return { ...made, tools };
    const remember = rememberTool((content, id) => this.memories.remember(caller, name, content, id));
    const memories = await this.memories.shownTo(caller, name);
    return { ...made, tools: [...tools, remember], memories };
  }
}

function assertUsable({ tier }: Principal, enabled: boolean): void {
  if (featuresOf(tier).customAgents === 0) {
    throw new Problem('upgrade_required', {
      detail: 'Your plan does not include agents of your own',
      members: { required_tier: lowestTierWith((features) => features.customAgents > 0) },
    });
  }
  if (enabled) return;
  throw invalidField('agents', 'this agent is disabled');
}
