export { LeakScrubber, type Heard, type Scrubbed, type ScrubbedText, type ScrubberOptions } from './leak-scrubber';
export { PromptRegistry, type Prompt, type ToolDeclaration } from './prompt-registry';
export { Said } from './said';
export type { LeakHit } from './scanner';
export { REMOVED, type TextScrubber } from './text-scrubber';
export { PromptsModule } from './prompts.module';
