import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { AdiuvaClient, MemorySyncStore, MemoryTokenStore, type Vault } from '@adiuva/client';
import { eventually, PASSWORD } from '../support/app';

const NOTES = 8;

/** A device with the SDK, whose owner writes all the time. */
export class DrillDevice {
  private readonly store = new MemorySyncStore();
  private readonly texts = new Map<string, string>();
  private readonly ids = Array.from({ length: NOTES }, () => randomUUID());

  private constructor(
    private client: AdiuvaClient,
    private readonly vault: Vault,
    private readonly tokens: MemoryTokenStore,
    private readonly email: string,
    readonly id: string,
  ) {}

  static async signUp(url: string): Promise<DrillDevice> {
    const [tokens, email] = [new MemoryTokenStore(), `${randomUUID()}@example.org`];
    const client = new AdiuvaClient({ baseUrl: url, tokens });
    const { vault, profile } = await client.account.signUp({ email, password: PASSWORD });
    return new DrillDevice(client, vault, tokens, email, profile.id);
  }

  /** Writes notes and synchronises until `isOver`. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const [id, text] = [this.ids[randomInt(NOTES)] ?? '', randomBytes(20).toString('hex')];
      await this.store.write('notes', id, new TextEncoder().encode(text));
      this.texts.set(id, text);
      await this.sync();
    }
  }

  /** Resolves when the server knows of the subscription. */
  async subscribed(): Promise<void> {
    await eventually(() =>
      this.sync().then(
        () => true,
        () => false,
      ),
    );
  }

  private async sync(): Promise<void> {
    await this.client.sync(this.vault, this.store);
  }

  /**
   * Synchronises with the restored server, which is behind this device. Returns how many notes another device of the user, which has nothing, then
   * does not get as they were last written.
   */
  async lostNotes(url: string): Promise<number> {
    this.client.close();
    this.client = new AdiuvaClient({ baseUrl: url, tokens: this.tokens });
    await this.sync();
    const other = new AdiuvaClient({ baseUrl: url, tokens: new MemoryTokenStore() });
    const { vault } = await other.account.signIn({ email: this.email, password: PASSWORD });
    const empty = new MemorySyncStore();
    await other.sync(vault, empty);
    let lost = 0;
    for (const [id, text] of this.texts) {
      const data = (await empty.get(id))?.data;
      if (!data || new TextDecoder().decode(data) !== text) lost += 1;
    }
    other.close();
    return lost;
  }

  close(): void {
    this.client.close();
  }
}
