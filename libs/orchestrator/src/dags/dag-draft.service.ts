import { Injectable } from '@nestjs/common';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { ModelCaller, type Agent, type TurnContext } from '@adiuva/agents';
import type { ToolSchema } from '@adiuva/llm';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import { DAG_DRAFT_DESCRIPTION, DAG_DRAFT_PROMPT, DAG_DRAFT_TOOL, DAG_REFUSED } from './dag-draft.prompt';

export interface DagDraftRequest {
  readonly text: string;
  /** What nodes may name. */
  readonly agents: readonly Agent[];
  readonly params: readonly string[];
  /** What a condition may compare with. */
  readonly operators: readonly string[];
  /** Why an earlier draft was refused. */
  readonly refusal?: readonly string[];
}

/** Asks the planner model for the nodes of a DAG. */
@Injectable()
export class DagDrafts {
  private readonly prompt: Prompt;

  constructor(
    private readonly modelCaller: ModelCaller,
    prompts: PromptRegistry,
  ) {
    this.prompt = prompts.define('dag_planner', DAG_DRAFT_PROMPT);
    prompts.define('dag_planner.refused', DAG_REFUSED);
    prompts.protectTools('dag_planner', [DRAFT_SCHEMA]);
    // A request for a DAG has the same fields.
    prompts.allow([JSON.stringify(DRAFT_SCHEMA.schema)]);
  }

  /** Without a language model there are no drafts. */
  get isOffline(): boolean {
    return this.modelCaller.isOffline('planner');
  }

  /** What the model proposes, unchecked; undefined where it proposes nothing. */
  async ask(turn: TurnContext, request: DagDraftRequest): Promise<unknown> {
    const { text, agents, params, operators, refusal = [] } = request;
    const tools = new Map(agents.flatMap((agent) => agent.tools.map((tool) => [tool.name, tool])));
    const instructions = this.prompt.render({
      agents: agents.map(({ name, description }) => `- ${name}: ${description}`).join('\n'),
      tools: [...tools.values()].map(({ name, schema }) => `- ${name}: ${argumentsOf(schema)}`).join('\n'),
      params: params.length > 0 ? params.join(', ') : 'none',
      operators: operators.join(', '),
      open: '{{',
      close: '}}',
    });
    const messages = [
      new SystemMessage(instructions),
      new HumanMessage(text),
      ...(refusal.length > 0 ? [new HumanMessage([DAG_REFUSED, ...refusal].join('\n'))] : []),
    ];
    const call = { messages, tools: [DRAFT_SCHEMA], mustCall: DAG_DRAFT_TOOL };
    const reply = await this.modelCaller.call(turn, 'planner', call);
    return reply.calls.find(({ name }) => name === DAG_DRAFT_TOOL)?.args;
  }
}

function argumentsOf({ properties }: Record<string, unknown>): string {
  return typeof properties === 'object' && properties !== null ? Object.keys(properties).join(', ') : '';
}

const TEXT = { type: 'string' };
const DRAFT_SCHEMA: ToolSchema = {
  name: DAG_DRAFT_TOOL,
  description: DAG_DRAFT_DESCRIPTION,
  schema: {
    type: 'object',
    properties: {
      title: TEXT,
      nodes: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            id: TEXT,
            name: TEXT,
            agent: TEXT,
            tool: TEXT,
            instructions: TEXT,
            arguments: { type: 'object' },
            depends_on: { type: 'array', items: TEXT },
            when: { type: 'object', properties: { node: TEXT, path: TEXT, operator: TEXT, value: {} } },
            on_error: { type: 'string', enum: ['fail', 'continue'] },
          },
          required: ['id', 'name', 'depends_on'],
        },
      },
    },
    required: ['title', 'nodes'],
  },
};
