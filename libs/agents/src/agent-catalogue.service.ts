import { Injectable } from '@nestjs/common';
import {
  featuresOf,
  invalidField,
  lowestTierWith,
  Problem,
  UNLIMITED,
  type Principal,
  type Tier,
} from '@adiuva/kernel';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import type { Agent } from './agent';
import type { AgentLoader } from './agent-loader.port';
import { AGENT_PROMPT, CUSTOM_AGENT_PROMPT, INSTRUCTIONS } from './agent.prompt';
import { ANALYTICS_TOOLS } from './analytics.tools';
import { CALENDAR_TOOLS } from './calendar.tools';
import { callAgentTool } from './delegate.tools';
import { CHECKPOINT_TOOLS } from './checkpoint.tools';
import { EMAIL_TOOLS } from './email.tools';
import { NOTE_TOOLS } from './note.tools';
import { PROJECT_TOOLS } from './project.tools';
import { TASK_TOOLS } from './task.tools';
import type { AgentTool } from './tool';

interface Entry {
  readonly name: keyof typeof INSTRUCTIONS;
  readonly description: string;
  /** Tables whose records its actions name. */
  readonly tables: readonly string[];
  readonly tools: readonly AgentTool[];
}

/** What every JSON schema of a titled object has is not secret. */
const COMMON_SCHEMA =
  '{"type":"object","properties":{"title":{"type":"string"},"description":{"type":"string"}},"required":["title"]}';

/** In the order in which tiers open them: a tier with three agents has the first three. */
const ENTRIES: readonly Entry[] = [
  {
    name: 'task_agent',
    description: 'Creates, changes and finds tasks and reminders, and comments on them',
    tables: ['tasks', 'task_comments'],
    tools: TASK_TOOLS,
  },
  {
    name: 'project_agent',
    description: 'Creates, changes, archives and finds projects',
    tables: ['projects'],
    tools: PROJECT_TOOLS,
  },
  { name: 'note_agent', description: 'Writes, changes and finds notes', tables: ['notes'], tools: NOTE_TOOLS },
  {
    name: 'checkpoint_agent',
    description: 'Sets, moves and finds checkpoints, the milestones of projects',
    tables: ['checkpoints'],
    tools: CHECKPOINT_TOOLS,
  },
  {
    name: 'calendar_agent',
    description: 'Puts events into the calendar, moves and finds them',
    tables: ['events'],
    tools: CALENDAR_TOOLS,
  },
  {
    name: 'email_agent',
    description: 'Finds and sums up e-mails and drafts new ones',
    tables: ['emails'],
    tools: EMAIL_TOOLS,
  },
  {
    name: 'analytics_agent',
    description: 'Counts, compares and reports on tasks, projects and checkpoints',
    tables: [],
    tools: ANALYTICS_TOOLS,
  },
];

/** Every agent, and which of them a tier may use. */
@Injectable()
export class AgentCatalogue {
  private readonly agents: readonly Agent[];
  private readonly customPrompt: Prompt;

  constructor(private readonly prompts: PromptRegistry) {
    this.agents = ENTRIES.map(({ name, description, tools }) => {
      prompts.protectTools(name, tools);
      return {
        name,
        description,
        tools,
        prompt: prompts.define(name, renderInstructions(INSTRUCTIONS[name])),
      };
    });
    prompts.protectTools('agents', [callAgentTool([])]);
    this.customPrompt = prompts.define('custom_agent', CUSTOM_AGENT_PROMPT);
    prompts.allow([...this.agents.map((agent) => agent.description), COMMON_SCHEMA]);
  }

  /** Every table that an action may name. */
  readonly tables: ReadonlySet<string> = new Set(ENTRIES.flatMap(({ tables }) => tables));

  private readonly loaders = new Map<string, AgentLoader>();

  /** The lib of a higher layer that an agent needs adds it when its module is made. */
  add(loader: AgentLoader, prompt: string): Prompt {
    this.loaders.set(loader.name, loader);
    this.prompts.allow([loader.description]);
    return this.prompts.define(loader.name, renderInstructions(prompt));
  }

  /** Agents that every tier may name and no router chooses. */
  get loaded(): readonly AgentLoader[] {
    return [...this.loaders.values()];
  }

  loader(name: string): AgentLoader | undefined {
    return this.loaders.get(name);
  }

  has(name: string): boolean {
    return this.loaders.has(name) || this.agents.some((agent) => agent.name === name);
  }

  /** The agents of a tier, in their order. */
  of(tier: Tier): readonly Agent[] {
    const { agents } = featuresOf(tier);
    return agents === UNLIMITED ? this.agents : this.agents.slice(0, agents);
  }

  /** The prompt of an agent that a user has made; its instructions are the user's own and not secret. */
  promptFor(instructions: string): Prompt {
    const template = this.customPrompt;
    return { id: template.id, render: (variables) => template.render({ ...variables, instructions }) };
  }

  /** Throws `validation_failed` for an unknown name, `upgrade_required` for an agent of a higher tier. */
  named(caller: Principal, name: string): Agent {
    const index = this.agents.findIndex((agent) => agent.name === name);
    const agent = this.agents[index];
    if (!agent) throw invalidField('agents', 'there is no such agent');
    if (this.of(caller.tier).includes(agent)) return agent;
    const required = lowestTierWith(({ agents }) => agents === UNLIMITED || agents > index);
    throw new Problem('upgrade_required', {
      detail: `Your plan does not include ${name}`,
      members: { required_tier: required },
    });
  }
}

function renderInstructions(instructions: string): string {
  return AGENT_PROMPT.replace('{{instructions}}', instructions);
}
