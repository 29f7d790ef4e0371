import { ApiProblem } from '../api/problem';
import type { Http } from '../api/http';
import { rangedDownload } from '../api/ranged-download';
import { checksum, fromBase64, toBase64, toHex, type Bytes } from '../crypto/bytes';
import { newBackupSalt, openBackup, sealBackup } from '../crypto/backup-stream';
import type {
  BackupMetadataDto,
  DeletedBackupDto,
  RetentionDto,
  RetentionPreviewDto,
  UploadDto,
  UploadSummaryDto,
} from '../generated/types.gen';
import type { Vault } from '../crypto/vault';
import { sha256 } from '@noble/hashes/sha2.js';
import { chunkSizeFor, inChunks } from './chunks';

/** Reads the plain backup from its beginning; called again for each pass. */
export type BackupSource = () => AsyncIterable<Uint8Array>;

/** What must be kept to continue an upload after a crash. It holds no secret. */
export interface UploadTicket {
  readonly uploadId: string;
  readonly salt: string;
  readonly checksum: string;
}

export interface BackupOptions {
  /** The app's name for the format, such as its version. */
  readonly version: string;
  readonly onProgress?: (progress: { readonly sentBytes: number; readonly totalBytes: number }) => void;
  /** Keep it until the upload is done, and give it as `ticket` after a crash. */
  readonly onTicket?: (ticket: UploadTicket) => void | Promise<void>;
  readonly ticket?: UploadTicket;
  readonly signal?: AbortSignal;
}

interface Measured {
  readonly checksum: string;
  readonly size: number;
}

/** Backups, sealed part by part on the client, so that neither the server nor this process ever holds one whole and plain. */
export class Backups {
  /** Bytes a millisecond of the last chunk; an upload that begins has chunks of a fitting size. */
  private rate: number | undefined;

  constructor(private readonly http: Http) {}

  /**
   * Seals and uploads a backup in chunks; only chunks that the server has not are sent. With the ticket of a cut upload it continues, unless
   * the source has changed since: then it starts again. Gives the backup's id.
   */
  async upload(vault: Vault, source: BackupSource, options: BackupOptions): Promise<string> {
    const salt = options.ticket ? fromBase64(options.ticket.salt) : newBackupSalt();
    const sealed = () => sealBackup(vault, salt, source());
    const measured = await measure(sealed());
    const upload =
      (await this.resumed(options.ticket, measured)) ?? (await this.sized(sealed, salt, measured, options));
    await this.sendMissing(upload, sealed(), options);
    const done = await this.http.json<{ readonly id?: string }>('POST', `/backup/uploads/${upload.id}/complete`, {
      // The server reads the whole once more, which for gigabytes takes longer than a request may.
      patient: true,
      signal: options.signal,
    });
    return done.id ?? upload.id;
  }

  /** The newest backup, or one by its id, opened part by part; continues where a connection broke. Throws `DecryptError` before giving out a damaged part. */
  async *download(vault: Vault, id?: string, signal?: AbortSignal): AsyncGenerator<Bytes> {
    const { bytes } = await rangedDownload(this.http, id === undefined ? '/backup' : `/backup/${id}`, signal);
    yield* openBackup(vault, bytes);
  }

  history(): Promise<BackupMetadataDto[]> {
    return this.http.json('GET', '/backup/history');
  }

  /** Hidden, and kept for seven days. With the account's authentication secret as `password` it is gone immediately. */
  delete(id: string, password?: string): Promise<DeletedBackupDto> {
    return this.http.json('DELETE', `/backup/${id}`, password === undefined ? {} : { body: { password } });
  }

  async restore(id: string): Promise<void> {
    await this.http.json('POST', `/backup/${id}/restore`);
  }

  /** Which backups are kept on their own; none of the rules keeps all. */
  retention(): Promise<RetentionDto> {
    return this.http.json('GET', '/backup/retention');
  }

  keep(rules: RetentionDto): Promise<RetentionDto> {
    return this.http.json('PUT', '/backup/retention', { body: rules });
  }

  /** What rules would keep and drop now; changes nothing. */
  previewRetention(rules: RetentionDto): Promise<RetentionPreviewDto> {
    return this.http.json('POST', '/backup/retention/preview', { body: rules });
  }

  /** Uploads that have begun and not ended. */
  uploads(): Promise<UploadSummaryDto[]> {
    return this.http.json('GET', '/backup/uploads');
  }

  async abandon(ticket: UploadTicket): Promise<void> {
    await this.http.json('DELETE', `/backup/uploads/${ticket.uploadId}`);
  }

  private async resumed(ticket: UploadTicket | undefined, measured: Measured): Promise<UploadDto | undefined> {
    if (ticket?.checksum !== measured.checksum) return undefined;
    try {
      return await this.http.json<UploadDto>('GET', `/backup/uploads/${ticket.uploadId}`);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Begins an upload. The first one of a client measures the link with a small chunk, and begins again where larger chunks fit. */
  private async sized(
    sealed: () => AsyncIterable<Bytes>,
    salt: Bytes,
    measured: Measured,
    options: BackupOptions,
  ): Promise<UploadDto> {
    const upload = await this.begin(salt, measured, options);
    if (this.rate !== undefined || measured.size <= upload.chunk_size) return upload;
    for await (const chunk of inChunks(sealed(), upload.chunk_size)) {
      await this.send(upload, 0, chunk, options.signal);
      break;
    }
    if (chunkSizeFor(this.rate, measured.size) <= upload.chunk_size) return { ...upload, chunks: [0] };
    try {
      await this.http.json('DELETE', `/backup/uploads/${upload.id}`, { signal: options.signal });
    } catch {
      // It stays, and small chunks carry the backup too.
      options.signal?.throwIfAborted();
      return { ...upload, chunks: [0] };
    }
    return this.begin(salt, measured, options);
  }

  private async begin(
    salt: Bytes,
    { checksum: sum, size }: Measured,
    { version, signal, onTicket }: BackupOptions,
  ): Promise<UploadDto> {
    const body = {
      version,
      timestamp: Date.now(),
      checksum: sum,
      size_bytes: size,
      chunk_size: chunkSizeFor(this.rate, size),
    };
    const begun = await this.http.json<UploadDto>('POST', '/backup/uploads', {
      body,
      signal,
      idempotencyKey: crypto.randomUUID(),
    });
    await onTicket?.({ uploadId: begun.id, salt: toBase64(salt), checksum: sum });
    return { ...begun, chunks: begun.chunks ?? [] };
  }

  private async sendMissing(
    upload: UploadDto,
    sealed: AsyncIterable<Bytes>,
    { onProgress, signal }: BackupOptions,
  ): Promise<void> {
    const there = new Set(upload.chunks);
    let number = 0;
    let sentBytes = 0;
    for await (const chunk of inChunks(sealed, upload.chunk_size)) {
      if (!there.has(number)) await this.send(upload, number, chunk, signal);
      number += 1;
      sentBytes += chunk.length;
      onProgress?.({ sentBytes, totalBytes: upload.size_bytes });
    }
  }

  private async send(upload: UploadDto, number: number, chunk: Bytes, signal: AbortSignal | undefined): Promise<void> {
    const headers = { 'x-checksum': await checksum(chunk) };
    const started = performance.now();
    const call = { bytes: chunk, headers, signal, background: true };
    await this.http.json('PUT', `/backup/uploads/${upload.id}/chunks/${number}`, call);
    // Of a short last chunk most of the time is the round trip.
    if (chunk.length === upload.chunk_size) this.rate = chunk.length / Math.max(1, performance.now() - started);
  }
}

async function measure(sealed: AsyncIterable<Uint8Array>): Promise<Measured> {
  const hash = sha256.create();
  let size = 0;
  for await (const part of sealed) {
    hash.update(part);
    size += part.length;
  }
  return { checksum: toHex(hash.digest()), size };
}
