export {
  LeakScrubber,
  type UserInput,
  type Scrubbed,
  type ScrubbedText,
  type ScrubberOptions,
} from './scrub/leak-scrubber';
export { PromptRegistry, type Prompt, type ToolDeclaration } from './prompt-registry';
export { UserTexts } from './detect/user-texts';
export type { LeakHit } from './detect/leak-detector';
export { REMOVED, type TextScrubber } from './scrub/stream-scrubber';
export type { OutputScrubber } from './scrub/output-scrubber';
export { PromptsModule } from './prompts.module';
