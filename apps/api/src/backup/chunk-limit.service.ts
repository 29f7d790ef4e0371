import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { BackupUploads } from '@adiuva/backup';
import { RateLimits } from '@adiuva/platform';
import { RateLimitGuard } from '../edge/limits/rate-limit.guard';

/** Every chunk may come so often, and so many more for the whole upload, before repetitions count as requests. */
const TIMES = 3;
const MORE = 100;
const DAY_SECONDS = 86_400;

/** The chunks of an upload count as one request: the one that began it. What is no chunk of one's own upload, or comes again and again, counts. */
@Injectable()
export class ChunkLimit {
  constructor(
    private readonly uploads: BackupUploads,
    private readonly limits: RateLimits,
    private readonly requests: RateLimitGuard,
  ) {}

  /** @throws `rate_limited` */
  async admit(owner: Principal, uploadId: string): Promise<void> {
    const chunks = await this.uploads.chunkCount(owner, uploadId).catch(noneOf);
    const free =
      chunks > 0 && (await this.limits.consume(`chunks:${uploadId}`, TIMES * chunks + MORE, DAY_SECONDS)).allowed;
    if (!free) await this.requests.consume(owner, 'default');
  }
}

function noneOf(error: unknown): number {
  if (error instanceof Problem && error.code === 'not_found') return 0;
  throw error;
}
