import { Module } from '@nestjs/common';
import { Continuations } from './continuation.service';

/** Separate from the chat, because the worker deletes expired continuations and answers no chats. */
@Module({ providers: [Continuations], exports: [Continuations] })
export class ContinuationsModule {}
