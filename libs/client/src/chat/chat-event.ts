import type { ChatResponseDto, ExecutionPlanDto } from '../generated/types.gen';

/** What a streamed chat gives: its tokens one by one, then the whole answer with its actions, or the plan. */
export type ChatEvent =
  | { readonly type: 'token'; readonly index: number; readonly text: string }
  | ({ readonly type: 'done'; readonly plan?: ExecutionPlanDto } & Partial<ChatResponseDto>);
