import { Module } from '@nestjs/common';
import { ChatErasure } from './chat.erasure';
import { ChatJobs } from './chat.jobs';
import { Continuations } from './continuation.service';

/** Separate from the chat, because the worker deletes expired continuations and answers no chats. */
@Module({ providers: [ChatErasure, ChatJobs, Continuations], exports: [ChatErasure, ChatJobs, Continuations] })
export class ContinuationsModule {}
