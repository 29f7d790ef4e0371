/** What slots found before the intent is known; it speaks for or against some intents. */
export interface SlotEvidence {
  readonly priority: boolean;
  readonly status: boolean;
  readonly date: boolean;
  readonly timed: boolean;
  readonly people: boolean;
  /** It lasts from one time to another, as only what takes place does. */
  readonly ranged: boolean;
  /** The date is over: the sentence tells of something and asks for nothing new. */
  readonly past: boolean;
}
