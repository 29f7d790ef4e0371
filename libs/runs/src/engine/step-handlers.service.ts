import { Injectable } from '@nestjs/common';
import type { RunKind } from '../run';
import type { StepHandler } from './step-handler';

/** The handlers of all kinds of runs; each lib registers its own when its module is made. */
@Injectable()
export class StepHandlers {
  private readonly handlers = new Map<RunKind, StepHandler>();

  register(handler: StepHandler): void {
    if (this.handlers.has(handler.kind)) throw new Error(`more than one handler for runs of kind ${handler.kind}`);
    this.handlers.set(handler.kind, handler);
  }

  of(kind: RunKind): StepHandler | undefined {
    return this.handlers.get(kind);
  }
}
