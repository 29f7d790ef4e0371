import { Module } from '@nestjs/common';
import { Continuations } from './continuation.service';

/** Apart from the chat, because the worker forgets continuations and answers no chats. */
@Module({ providers: [Continuations], exports: [Continuations] })
export class ContinuationsModule {}
