import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { ToolSchema } from '@adiuva/llm';
import { PromptRegistry } from '@adiuva/prompts';
import { AgentCatalogue } from './agent-catalogue.service';
import { callAgentTool } from './delegate.tools';
import { withoutDescriptions } from './public-schema';
import { REMEMBER_TOOL } from './remember.tools';
import type { AgentTool } from './tool';

/** A tool as users see it. Its descriptions are for models and secret. */
export interface ToolView {
  readonly name: string;
  readonly title: string;
  readonly kind: AgentTool['kind'];
  /** Names of the built-in agents that have it. */
  readonly agents: readonly string[];
  /** JSON schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Every tool that an agent may have. */
@Injectable()
export class ToolCatalogue {
  private readonly tools = new Map<string, AgentTool>();
  private readonly views = new Map<string, ToolView>();

  constructor(catalogue: AgentCatalogue, prompts: PromptRegistry) {
    prompts.protectTools('memory', [REMEMBER_TOOL]);
    const agents = catalogue.of('team');
    for (const tool of agents.flatMap((agent) => agent.tools)) {
      if (this.tools.has(tool.name)) continue;
      this.tools.set(tool.name, tool);
      const having = agents.filter((agent) => agent.tools.some(({ name }) => name === tool.name));
      this.addView(
        tool,
        tool.kind,
        having.map(({ name }) => name),
      );
    }
    this.addView(
      callAgentTool(agents),
      'server',
      agents.map(({ name }) => name),
    );
    this.addView(REMEMBER_TOOL, 'server', []);
  }

  list(): readonly ToolView[] {
    return [...this.views.values()];
  }

  /** Throws `not_found`. */
  get(name: string): ToolView {
    const view = this.views.get(name);
    if (!view) throw new Problem('not_found');
    return view;
  }

  /** Throws `validation_failed`, which names the place of each unknown tool. */
  assertKnown(names: readonly string[]): void {
    const errors = names.flatMap((name, index) =>
      this.views.has(name) ? [] : [{ field: `tools.${index}`, message: 'there is no such tool' }],
    );
    if (errors.length > 0) throw new Problem('validation_failed', { errors });
  }

  /** The tools that only look or act for the app. Those of the server are made for each agent. */
  of(names: readonly string[]): AgentTool[] {
    return names.flatMap((name) => this.tools.get(name) ?? []);
  }

  private addView({ name, schema }: ToolSchema, kind: AgentTool['kind'], agents: readonly string[]): void {
    this.views.set(name, { name, title: titleOf(name), kind, agents, parameters: withoutDescriptions(schema) });
  }
}

function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
