export { LeakScrubber } from './scrub/leak-scrubber';
export { PromptRegistry, type Prompt } from './prompt-registry';
export { UserTexts } from './detect/user-texts';
export type { LeakHit } from './detect/leak-detector';
export { REMOVED } from './scrub/stream-scrubber';
export type { OutputScrubber } from './scrub/output-scrubber';
export { PromptsModule } from './prompts.module';
