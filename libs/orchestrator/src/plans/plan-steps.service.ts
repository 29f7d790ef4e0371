import { Injectable } from '@nestjs/common';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { Journal, ModelCaller, TurnBudget, type TurnContext } from '@adiuva/agents';
import { Models } from '@adiuva/llm';
import { PromptTemplateRegistry, type PromptTemplate } from './prompt-template-registry.service';

const DATA = 'data';
const NO_MODEL = 'Steps of plans need a language model: set LLM_PROVIDER and the key of the provider';

/** Runs single steps of plans: a template, and the variables that the client has filled in. */
@Injectable()
export class PlanSteps {
  constructor(
    private readonly templates: PromptTemplateRegistry,
    private readonly modelCaller: ModelCaller,
    private readonly models: Models,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws `not_found` for an unknown template, `upgrade_required` for one of a higher tier, `validation_failed` for its variables,
   * `not_configured` without a language model: the offline assistant runs no templates.
   */
  async run(
    caller: Principal,
    templateId: string,
    variables: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<string> {
    const template = this.templates.named(caller, templateId);
    checkVariables(template, variables);
    if (this.models.isOffline('agent')) throw new Problem('not_configured', { detail: NO_MODEL });
    const messages = [new SystemMessage(template.prompt.render()), new HumanMessage(JSON.stringify(variables))];
    const budget = new TurnBudget();
    const bounded = AbortSignal.any([signal, budget.signal]);
    const turn: TurnContext = {
      caller,
      context: {},
      now: this.clock.now(),
      journal: new Journal(),
      budget,
      addUserTexts: () => undefined,
      signal: bounded,
    };
    try {
      const { text } = await this.modelCaller.call(turn, 'agent', { messages });
      return text;
    } finally {
      budget.end();
    }
  }
}

function checkVariables({ needs, takes }: PromptTemplate, variables: Readonly<Record<string, unknown>>): void {
  const missing = needs.filter((name) => variables[name] === undefined || variables[name] === null);
  const strange = Object.keys(variables).filter((name) => name !== DATA && !takes.includes(name));
  const errors = [
    ...missing.map((name) => ({ field: `variables.${name}`, message: 'is needed by this template' })),
    ...strange.map((name) => ({ field: `variables.${name}`, message: 'is no variable of this template' })),
  ];
  if (errors.length > 0) throw new Problem('validation_failed', { errors });
}
