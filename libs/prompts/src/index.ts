export { LeakScrubber, type LeakHit, type ScrubberOptions, type Scrubbed } from './leak-scrubber';
export { PromptRegistry, type Prompt, type ToolDeclaration } from './prompt-registry';
export { REMOVED, type TextScrubber } from './text-scrubber';
export { PromptsModule } from './prompts.module';
