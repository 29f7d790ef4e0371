import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Continuations } from '@adiuva/chat';
import { TokenBudget } from '@adiuva/llm';
import { jobHandler, jobKind, type JobHandler, type Tx } from '@adiuva/platform';

const NOTHING = z.unknown();

/** Forgets what chats leave behind: ids of spent continuations, and how many tokens were used. */
@Injectable()
export class ChatJobs {
  readonly handlers: readonly JobHandler[];

  constructor(
    private readonly continuations: Continuations,
    private readonly tokens: TokenBudget,
  ) {
    this.handlers = [
      jobHandler(jobKind('sweep_continuations', NOTHING), () => continuations.sweep(), '29 * * * *'),
      jobHandler(jobKind('sweep_token_usage', NOTHING), () => tokens.sweep(), '31 4 1 * *'),
    ];
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.continuations.erase(tx, userId);
    await this.tokens.erase(tx, userId);
  }
}
