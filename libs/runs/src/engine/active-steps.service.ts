import { Injectable } from '@nestjs/common';
import { PubSub } from '@adiuva/platform';

export const RUN_CANCELLED = 'run.cancelled';
/** Published by the database's function runs_pause: the account was disabled. */
const RUN_PAUSED = 'run.paused';

export interface StepKey {
  readonly runId: string;
  readonly node: number;
}

/** Why an attempt was aborted; its result is not stored. */
export class StepAborted extends Error {}

/** The steps that this process executes now, and the means to abort them. */
@Injectable()
export class ActiveSteps {
  private readonly active = new Map<string, { key: StepKey; controller: AbortController; begun: boolean }>();

  constructor(pubSub: PubSub) {
    for (const topic of [RUN_CANCELLED, RUN_PAUSED])
      pubSub.subscribe(topic, ({ run_id }) => this.abortRun(String(run_id)));
  }

  /** Those whose attempt has begun, so that this process owns them. */
  get begun(): readonly StepKey[] {
    return [...this.active.values()].filter(({ begun }) => begun).map(({ key }) => key);
  }

  /** Undefined while the same step is executed here already. */
  add(key: StepKey): AbortController | undefined {
    const name = nameOf(key);
    if (this.active.has(name)) return undefined;
    const controller = new AbortController();
    this.active.set(name, { key, controller, begun: false });
    return controller;
  }

  markBegun(key: StepKey): void {
    const step = this.active.get(nameOf(key));
    if (step) step.begun = true;
  }

  remove(key: StepKey): void {
    this.active.delete(nameOf(key));
  }

  abort(key: StepKey): void {
    this.active.get(nameOf(key))?.controller.abort(new StepAborted());
  }

  abortRun(runId: string): void {
    for (const { key, controller } of this.active.values()) {
      if (key.runId === runId) controller.abort(new StepAborted());
    }
  }

  abortAll(): void {
    for (const { controller } of this.active.values()) controller.abort(new StepAborted());
  }
}

function nameOf({ runId, node }: StepKey): string {
  return `${runId}:${node}`;
}
