import type { ChatModel } from '../streaming/chat-model.port';
import { HttpPost } from './http-post.adapter';
import type { Values } from './provider-descriptor';
import { providerOf } from './providers';

interface Wanted {
  readonly provider: string;
  readonly model: string;
}

/** Makes each model once. The models with the same limit on connecting share their connections. */
export class ModelFactory {
  private readonly models = new Map<string, Promise<ChatModel>>();
  private readonly clients = new Map<number, HttpPost>();

  constructor(
    private readonly settings: Values,
    private readonly maxOutputTokens: number,
  ) {}

  model(wanted: Wanted, connectTimeoutMs: number): Promise<ChatModel> {
    const key = `${wanted.provider}:${wanted.model}/${connectTimeoutMs}`;
    const known = this.models.get(key) ?? this.create(wanted, this.client(connectTimeoutMs));
    this.models.set(key, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private async create({ provider: name, model }: Wanted, http: HttpPost): Promise<ChatModel> {
    const provider = providerOf(name);
    if (!provider) throw new Error(`there is no provider ${name}`);
    const { maxOutputTokens } = this;
    return provider.connect(this.settings, { origin: `${name}:${model}`, model, maxOutputTokens, http });
  }

  private client(connectTimeoutMs: number): HttpPost {
    const known = this.clients.get(connectTimeoutMs) ?? new HttpPost(connectTimeoutMs);
    this.clients.set(connectTimeoutMs, known);
    return known;
  }
}
