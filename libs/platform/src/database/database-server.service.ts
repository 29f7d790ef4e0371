/** The PostgreSQL that this process talks to: a given one, or the embedded one that it started. */
export class DatabaseServer {
  constructor(
    readonly url: string,
    readonly embedded: boolean,
    private readonly end: () => Promise<void> = () => Promise.resolve(),
  ) {}

  async stop(): Promise<void> {
    await this.end();
  }
}
