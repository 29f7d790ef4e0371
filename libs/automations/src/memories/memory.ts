export interface NewMemory {
  /** The agent that it is for; null for every agent with memory. */
  readonly agent: string | null;
  readonly content: string;
}

/** A fact that agents with memory are shown. */
export interface Memory extends NewMemory {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
