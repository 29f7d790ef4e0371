import {
  AdiuvaClient,
  MemorySyncStore,
  MemoryVectorCache,
  type ChatEvent,
  type SyncReport,
  type SyncStore,
  type Vault,
  type VectorCollection,
} from '@adiuva/client';

export interface Embedder {
  readonly model: string;
  readonly dim: number;
  /** The vectors of the texts, one after the other. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}

export interface CoreOptions {
  readonly baseUrl: string;
  readonly embedder: Embedder;
  /** A `SqliteSyncStore` in an app; in memory by default. */
  readonly store?: SyncStore;
}

export interface FoundNote {
  readonly id: string;
  readonly score: number;
  readonly text: string;
}

const TABLE = 'notes';
const PREVIEW_LENGTH = 70;

/** What the main process of the app does; windows reach it over IPC and see no keys. */
export class NotesCore {
  private constructor(
    readonly client: AdiuvaClient,
    readonly vault: Vault,
    private readonly store: SyncStore,
    private readonly collection: VectorCollection,
    private readonly embedder: Embedder,
  ) {}

  /** Makes an account; the recovery words are shown once. */
  static async signUp(options: CoreOptions, account: { email: string; password: string }) {
    const client = new AdiuvaClient({ baseUrl: options.baseUrl });
    const { recoveryWords, vault } = await client.account.signUp(account);
    return { recoveryWords, open: () => NotesCore.open(options, client, vault) };
  }

  static async signIn(options: CoreOptions, account: { email: string; password: string }) {
    const client = new AdiuvaClient({ baseUrl: options.baseUrl });
    const { vault } = await client.account.signIn(account);
    return { open: () => NotesCore.open(options, client, vault) };
  }

  private static async open(options: CoreOptions, client: AdiuvaClient, vault: Vault): Promise<NotesCore> {
    const { model, dim } = options.embedder;
    const collection = await client.collections.open(vault, { name: TABLE, model, dim }, new MemoryVectorCache());
    return new NotesCore(client, vault, options.store ?? new MemorySyncStore(), collection, options.embedder);
  }

  async save(texts: readonly string[]): Promise<void> {
    const numbers = await this.embedder.embed(texts);
    const { dim } = this.embedder;
    const notes = texts.map((text, i) => ({
      id: crypto.randomUUID(),
      text,
      vector: numbers.subarray(i * dim, (i + 1) * dim),
    }));
    for (const { id, text } of notes) await this.store.write(TABLE, id, new TextEncoder().encode(text));
    await this.collection.upsert(
      notes.map(({ id, text, vector }) => ({ id, vector, metadata: { preview: text.slice(0, PREVIEW_LENGTH) } })),
    );
  }

  async sync(): Promise<SyncReport> {
    await this.collection.sync();
    return this.client.sync(this.vault, this.store);
  }

  /** Syncs when another device stored something, then calls `listener`. */
  onChange(listener: () => void): void {
    // A sync that fails is made up for by the next one.
    this.client.chats.onStorageChanged(() => void this.sync().then(listener, () => undefined));
  }

  async search(question: string, count = 3): Promise<FoundNote[]> {
    const found = await this.collection.search(await this.embedder.embed([question]), count);
    return found.map(({ id, score, metadata }) => ({ id, score, text: String(metadata['preview']) }));
  }

  /** The assistant holds no notes: it asks this device for them, and says what it finds in the answers. */
  async ask(message: string): Promise<AsyncIterable<ChatEvent>> {
    const notes = (await this.notes())
      .slice(0, 5)
      .map(({ id, text }) => ({ id, title: text.slice(0, 50), project_id: null }));
    const tools = {
      list_notes: () => notes,
      get_note: ({ note_id }: Readonly<Record<string, unknown>>) => notes.find(({ id }) => id === note_id) ?? null,
    };
    return this.client.chats.stream({ message }, { tools });
  }

  async notes(): Promise<{ readonly id: string; readonly text: string }[]> {
    const records = await Promise.all((await this.store.ids()).map((id) => this.store.get(id)));
    return records.flatMap((record) =>
      record?.data ? [{ id: record.id, text: new TextDecoder().decode(record.data) }] : [],
    );
  }

  /** All notes as one sealed backup; gives its id. */
  async backUp(): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify(await this.notes()));
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    return this.client.backups.upload(this.vault, source, { version: '1' });
  }

  /** The notes of the newest backup. */
  async readBackup(): Promise<{ readonly id: string; readonly text: string }[]> {
    const parts: Uint8Array[] = [];
    for await (const part of this.client.backups.download(this.vault)) parts.push(part);
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  }

  close(): void {
    this.client.close();
  }
}
