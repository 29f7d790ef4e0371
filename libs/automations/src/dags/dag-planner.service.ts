import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Journal, TurnBudget, type TurnContext } from '@adiuva/agents';
import { DagDrafts } from '@adiuva/orchestrator';
import { LeakScrubber, UserTexts } from '@adiuva/prompts';
import { z } from 'zod';
import { CONDITION_OPERATORS, type DagContent, type DagParams } from './dag';
import { clauseNodes, DagDraftShape, titleOf } from './dag-draft';
import { DagTools } from './dag-tools.service';
import { dagFaults } from './dag-validation';

const MAX_ATTEMPTS = 2;

/** Makes the nodes of a DAG from what a user wants in words: by the planner model, or without one from the clauses of the text. */
@Injectable()
export class DagPlanner {
  constructor(
    private readonly drafts: DagDrafts,
    private readonly tools: DagTools,
    private readonly leaks: LeakScrubber,
  ) {}

  /** Nodes that may still be no DAG: a model is asked to correct them once. Throws `upstream_failed` where it gives none. */
  async plan(owner: Principal, text: string, params: DagParams, signal: AbortSignal): Promise<DagContent> {
    if (this.drafts.isOffline) {
      const { agents } = await this.tools.vocabulary(owner);
      return { title: titleOf(text), nodes: clauseNodes(text, agents), params };
    }
    const budget = new TurnBudget();
    const turn = {
      caller: owner,
      context: {},
      now: new Date(),
      journal: new Journal(),
      budget,
      addUserTexts: () => undefined,
      signal: AbortSignal.any([signal, budget.signal]),
    };
    try {
      return await this.draft(turn, text, params);
    } finally {
      budget.end();
    }
  }

  private async draft(turn: TurnContext, text: string, params: DagParams): Promise<DagContent> {
    const agents = this.tools.agents(turn.caller);
    const vocabulary = await this.tools.vocabulary(turn.caller);
    const userTexts = new UserTexts([text]).add(params);
    let content: DagContent | undefined;
    let refusal: readonly string[] = [];
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const names = { params: Object.keys(params), operators: CONDITION_OPERATORS };
      const given = await this.drafts.ask(turn, { text, agents, ...names, refusal });
      const parsed = DagDraftShape.safeParse(given);
      if (!parsed.success) {
        refusal = [z.prettifyError(parsed.error)];
        continue;
      }
      const { title, nodes } = parsed.data;
      content = { title: title ? title : titleOf(text), nodes, params };
      refusal = dagFaults(content, vocabulary).map(({ message }) => message);
      if (refusal.length === 0) break;
    }
    const clean = await this.leaks.valueAsync(content, userTexts);
    if (!content || clean.leaked || !clean.value)
      throw new Problem('upstream_failed', { detail: 'The planner has made no DAG of this text' });
    return clean.value;
  }
}
