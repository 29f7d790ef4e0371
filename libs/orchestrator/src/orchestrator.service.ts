import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { AgentCatalogue, AgentRunner, type Agent, type AgentResult, type AgentTask, type Say } from '@adiuva/agents';
import { IntentRouter } from './intent-router.service';

export interface OrchestratorRequest extends AgentTask {
  /** Agents that the caller names; otherwise the router chooses. */
  readonly agents?: readonly string[];
}

export interface OrchestratorResult extends AgentResult {
  readonly agent: string;
}

/** Finds out who should answer, and lets him. */
@Injectable()
export class Orchestrator {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly router: IntentRouter,
    private readonly runner: AgentRunner,
  ) {}

  /** Throws `validation_failed` or `upgrade_required` for agents that the caller names and may not use. */
  check(caller: Principal, names: readonly string[] | undefined): void {
    for (const name of names ?? []) this.catalogue.named(caller, name);
  }

  async run(
    caller: Principal,
    request: OrchestratorRequest,
    say: Say,
    signal: AbortSignal,
  ): Promise<OrchestratorResult> {
    const agent = await this.agentFor(caller, request, signal);
    const result = await this.runner.run(agent, request, say, signal);
    return { ...result, agent: agent.name };
  }

  private async agentFor(caller: Principal, request: OrchestratorRequest, signal: AbortSignal): Promise<Agent> {
    const [named] = request.agents ?? [];
    if (named !== undefined) return this.catalogue.named(caller, named);
    const [first, ...others] = this.catalogue.of(caller.tier);
    if (!first) throw new Error('every tier has an agent');
    return this.router.choose([first, ...others], request, signal);
  }
}
