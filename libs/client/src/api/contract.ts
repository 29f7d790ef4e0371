/** Answers of the wire contract whose routes are described by name only; fields beyond these are allowed. */
export interface PlaybookDto {
  readonly id: string;
  readonly [member: string]: unknown;
}

export interface PluginManifestDto {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly permissions: readonly string[];
  readonly category: string;
  readonly price_cents: number;
}

export interface PluginPageDto {
  readonly plugins: readonly PluginManifestDto[];
  readonly total: number;
  readonly page: number;
}

export interface PluginDetailsDto extends PluginManifestDto {
  readonly versions: readonly unknown[];
  readonly ratings: { readonly average: number; readonly count: number };
  readonly install_count: number;
  readonly installed: boolean;
}

export interface BackupDto {
  readonly id: string;
  readonly version: string;
  readonly timestamp: number;
  readonly checksum: string;
  readonly chunk_count: number;
  readonly size_bytes: number;
  readonly created_at: number;
}

/** An upload in parts: which chunks are there. */
export interface UploadDto {
  readonly id: string;
  readonly checksum: string;
  readonly size_bytes: number;
  readonly chunk_size: number;
  readonly chunks: readonly number[];
}

/** A plan that the client carries out step by step. */
export interface ExecutionPlanDto {
  readonly id: string;
  readonly agent: string;
  readonly steps: readonly {
    readonly action: string;
    readonly prompt_template: string | null;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly data_from_step: number | null;
  }[];
}

/** A REST chat that stopped to ask the client. Answer with `chat.continue`. */
export interface ActionNeededDto {
  readonly status: 'requires_action';
  readonly tool_calls: readonly {
    readonly call_id: string;
    readonly name: string;
    readonly arguments: Readonly<Record<string, unknown>>;
  }[];
  readonly continuation: string;
}
