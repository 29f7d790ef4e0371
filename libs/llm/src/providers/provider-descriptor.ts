import type { setting } from '@adiuva/config';
import type { ChatModel } from '../streaming/chat-model.port';
import type { HttpPost } from './http-post.adapter';

/** The model that is wanted of a provider. */
export interface ModelTarget {
  /** `provider:model` */
  readonly origin: string;
  readonly model: string;
  readonly maxOutputTokens: number;
  readonly http: HttpPost;
}

export type Values = Readonly<Record<string, unknown>>;

/** All that is special about a provider. A new one is a file like its neighbours and a line in `providers.ts`. */
export interface ProviderDescriptor {
  /** As LLM_PROVIDER and the model chains name it. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Calls cost no tokens of the month. */
  readonly isFree?: boolean;
  readonly settings: setting.Shape;
  /** Which settings a user gives who brings a key; absent where keys of users are not taken. */
  readonly own?: { readonly apiKey: string; readonly baseUrl: string };
  /** The settings without which it cannot be used; with them LLM_PROVIDER=auto takes it. */
  readonly required: readonly string[];
  /** What is wrong with its settings where it is used, each beginning with a setting's name. */
  faults?(values: Values): readonly string[];
  /** The models of the roles; the small one reads the intent of messages. */
  models(values: Values): { readonly large: string; readonly small: string };
  /** SDKs are loaded here and not with the file: they take up to a second. */
  connect(values: Values, target: ModelTarget): Promise<ChatModel>;
}

interface Described<S extends setting.Shape> extends Omit<ProviderDescriptor, 'own' | 'faults' | 'models' | 'connect'> {
  readonly settings: S;
  readonly own?: { readonly apiKey: keyof S & string; readonly baseUrl: keyof S & string };
  readonly required: readonly (keyof S & string)[];
  faults?(values: setting.ValuesOf<S>): readonly string[];
  models(values: setting.ValuesOf<S>): { readonly large: string; readonly small: string };
  connect(values: setting.ValuesOf<S>, target: ModelTarget): Promise<ChatModel>;
}

/** Checks the functions of a descriptor against its settings. */
export function describeProvider<S extends setting.Shape>(described: Described<S>): ProviderDescriptor {
  return described;
}
