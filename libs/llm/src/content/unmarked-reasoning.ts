/** Models whose chat template opens the reasoning itself, so that an answer has only the closing tag. */
const NAMES = /(?:^|[^a-z0-9])(?:r1|qwq|think(?:ing)?|reason(?:ing|er)|exaone-deep)(?![a-z0-9])/i;

/** Whether the answers of one model are expected to begin with reasoning that no tag opens: by its name, or because its last answer did. */
export class UnmarkedReasoning {
  private readonly byName: boolean;
  private seen = false;

  constructor(model: string) {
    this.byName = NAMES.test(model);
  }

  get isExpected(): boolean {
    return this.byName || this.seen;
  }

  observe(seen: boolean): void {
    this.seen = seen;
  }
}
