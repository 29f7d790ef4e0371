import { Injectable } from '@nestjs/common';
import { AIMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { AgentCatalogue, ModelCaller, type Agent, type TurnContext, type Usage } from '@adiuva/agents';
import { NO_USAGE, type ToolSchema } from '@adiuva/llm';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import { STEP_ACTIONS, type PlanStep } from './execution-plan';
import { PLAN_DESCRIPTION, PLAN_TOOL, PLANNER_PROMPT } from './planner.prompt';
import { PlaybookRegistry } from './playbook-registry.service';
import { PromptTemplateRegistry } from './prompt-template-registry.service';
import { PlanAllowlists } from './plan-allowlist.service';

export type PlanDraft =
  | { readonly playbook: string }
  | { readonly playbook?: undefined; readonly agent: string; readonly steps: readonly PlanStep[] };

const Step = z
  .object({
    action: z.enum(STEP_ACTIONS),
    prompt_template: z.string().nullish(),
    variables: z.record(z.string(), z.unknown()).nullish(),
    data_from_step: z.int().nullish(),
  })
  .transform((step) => ({
    action: step.action,
    promptTemplate: step.prompt_template ?? null,
    variables: step.variables ?? {},
    dataFromStep: step.data_from_step ?? null,
  }));
const Draft = z.union([
  z.object({ playbook: z.string().min(1) }),
  z
    .object({ agent: z.string(), steps: z.array(Step).min(1).max(20) })
    .transform((draft) => ({ ...draft, playbook: undefined })),
]);

/** Asks the planner model for a plan. The built-in command reader makes none. */
@Injectable()
export class PlanModel {
  private readonly prompt: Prompt;

  constructor(
    private readonly modelCaller: ModelCaller,
    private readonly catalogue: AgentCatalogue,
    private readonly playbooks: PlaybookRegistry,
    private readonly templates: PromptTemplateRegistry,
    private readonly planAllowlists: PlanAllowlists,
    prompts: PromptRegistry,
  ) {
    this.prompt = prompts.define('planner', PLANNER_PROMPT);
    prompts.protectTools('planner', [PLAN_SCHEMA]);
  }

  /** What the model proposes, unchecked beyond its shape; undefined where it proposes nothing of use. */
  async ask(
    turn: TurnContext,
    message: string,
    named: readonly Agent[],
  ): Promise<{ draft: PlanDraft | undefined; usage: Usage }> {
    if (this.modelCaller.isOffline('planner')) return { draft: undefined, usage: NO_USAGE };
    const history = turn.context.conversation_history ?? [];
    const messages = [
      new SystemMessage(this.instructions(turn, named)),
      ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
      new HumanMessage(message),
    ];
    const reply = await this.modelCaller.call(turn, 'planner', { messages, tools: [PLAN_SCHEMA], mustCall: PLAN_TOOL });
    const draft = Draft.safeParse(reply.calls.find(({ name }) => name === PLAN_TOOL)?.args);
    return { draft: draft.success ? draft.data : undefined, usage: reply.usage };
  }

  private instructions({ caller, context, now }: TurnContext, named: readonly Agent[]): string {
    const agents = named.length > 0 ? named : this.catalogue.of(caller.tier);
    const { conversation_history: _, ...shown } = context;
    const words = this.planAllowlists.of(caller);
    return this.prompt.render({
      agents: agents.map(({ name, description }) => `- ${name}: ${description}`).join('\n'),
      playbooks: this.playbooks
        .of(caller)
        .map(({ id, description }) => `- ${id}: ${description}`)
        .join('\n'),
      tools: [...words.readTools].join(', '),
      tables: [...words.tables].join(', '),
      templates: this.templates
        .of(caller)
        .map(({ id, needs, takes }) => `- ${id}: ${needs.join(', ')}; ${takes.join(', ')}`)
        .join('\n'),
      context: JSON.stringify({ now: now.toISOString(), ...shown }).replaceAll('<', '\\u003c'),
    });
  }
}

const PLAN_SCHEMA: ToolSchema = {
  name: PLAN_TOOL,
  description: PLAN_DESCRIPTION,
  schema: {
    type: 'object',
    properties: {
      playbook: { type: 'string' },
      agent: { type: 'string' },
      steps: {
        type: 'array',
        maxItems: 20,
        items: {
          type: 'object',
          properties: {
            action: { type: 'string', enum: [...STEP_ACTIONS] },
            prompt_template: { type: ['string', 'null'] },
            variables: { type: 'object' },
            data_from_step: { type: ['integer', 'null'] },
          },
          required: ['action', 'variables'],
        },
      },
    },
  },
};
