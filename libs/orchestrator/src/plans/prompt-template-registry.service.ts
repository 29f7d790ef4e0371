import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { AgentCatalogue } from '@adiuva/agents';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import { STEP_PROMPT, TEMPLATES } from './template.prompt';

export interface PromptTemplate {
  readonly id: string;
  /** Whose tier decides who may run it. */
  readonly agent: string;
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  readonly prompt: Prompt;
}

/** The templates of plan steps by their ids. Outside this server they are ids and names of variables, never text. */
@Injectable()
export class PromptTemplateRegistry {
  private readonly templates: ReadonlyMap<string, PromptTemplate>;

  constructor(
    private readonly catalogue: AgentCatalogue,
    prompts: PromptRegistry,
  ) {
    this.templates = new Map(
      Object.entries(TEMPLATES).map(([id, { agent, needs, takes = [], text }]) => {
        const prompt = prompts.define(`template.${id}`, STEP_PROMPT + text);
        return [id, { id, agent, needs, takes: [...needs, ...takes], prompt }];
      }),
    );
  }

  find(id: string): PromptTemplate | undefined {
    return this.templates.get(id);
  }

  /** Those that the caller's tier may run. */
  of(caller: Principal): readonly PromptTemplate[] {
    const agents = this.catalogue.of(caller.tier).map(({ name }) => name);
    return [...this.templates.values()].filter(({ agent }) => agents.includes(agent));
  }

  /** Throws `not_found`, or `upgrade_required` for a template of a higher tier. */
  named(caller: Principal, id: string): PromptTemplate {
    const template = this.templates.get(id);
    if (!template) throw new Problem('not_found', { detail: 'There is no such prompt template' });
    this.catalogue.named(caller, template.agent);
    return template;
  }
}
