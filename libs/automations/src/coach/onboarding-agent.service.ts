import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { AgentCatalogue, AgentLoader, rememberTool, type Agent } from '@adiuva/agents';
import { INTERVIEW_TOPICS } from '@adiuva/offline-assistant';
import type { Prompt } from '@adiuva/prompts';
import { Memories } from '../memories/memories.service';
import { ONBOARDING_INSTRUCTIONS } from './coach.prompt';

export const ONBOARDING_AGENT = 'onboarding_agent';

/** Asks what the coach must know and stores it as memories. Every tier has it; only a caller that names it gets it. */
@Injectable()
export class OnboardingAgent extends AgentLoader implements OnModuleInit {
  readonly name = ONBOARDING_AGENT;
  readonly description = 'Asks what the coach must know of you, and remembers it';
  private prompt: Prompt | undefined;

  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly memories: Memories,
  ) {
    super();
  }

  onModuleInit(): void {
    this.prompt = this.catalogue.add(this, ONBOARDING_INSTRUCTIONS);
  }

  async load(caller: Principal): Promise<Agent> {
    if (!this.prompt) throw new Error('the module is not initialised');
    return {
      name: this.name,
      description: this.description,
      prompt: this.prompt,
      tools: [rememberTool((content, id) => this.memories.remember(caller, this.name, content, id))],
      memories: await this.memories.shownTo(caller, this.name),
      facts: { interview: INTERVIEW_TOPICS },
      mayCallAgents: false,
    };
  }
}
