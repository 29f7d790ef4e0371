interface PublicAgent {
  readonly name: string;
  /** As `GET /agents` has it. */
  readonly description: string;
  /** Instructions of the user, of an agent that the user has made. */
  readonly own: string | undefined;
  /** JSON. */
  readonly context: string;
}

/** What a provider of the user gets in place of the prompt of an agent: nothing that the user cannot know. */
export function publicInstructions({ name, description, own, context }: PublicAgent): string {
  return [
    `You are an agent called ${name}: ${description}.`,
    ...(own === undefined ? [] : [own]),
    'Use the tools to look up and to change. Then answer in the language of the user, briefly.',
    `Context, as JSON: ${context}`,
  ].join('\n');
}
