import { Controller, Get, Query } from '@nestjs/common';
import { ApiGoneResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Quota } from '@adiuva/quota';
import { SyncFeed } from '@adiuva/storage';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { Caller, Opaque, SyncTraffic } from '../edge/principal';
import { ChangesDto, ReadChangesDto, UsageDto } from './changes.dto';

@ApiTags('storage')
@Opaque()
@Controller('storage')
export class ChangesController {
  constructor(
    private readonly feed: SyncFeed,
    private readonly quota: Quota,
  ) {}

  @Get('changes')
  @SyncTraffic()
  @ApiOperation({
    summary: 'Read the change feed',
    description:
      'Every change of the records once, in commit order, deletions included. Start without a cursor and continue with the cursor of each response until `has_more` is false; then again after `storage:changed` or a reconnect. Deletions are remembered for 90 days. After 410 `cursor_expired` start without a cursor, apply every change, and delete every local record that none of them named. Counts against the budget of sync traffic in bytes (`RateLimit-*` in KiB), not against the requests a minute.',
  })
  @ApiOkResponse({ type: ChangesDto })
  @ApiGoneResponse({ description: '`cursor_expired`: start again without a cursor' })
  async listChanges(
    @Caller() owner: Principal,
    @Query() query: ReadChangesDto,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<ChangesDto> {
    return ChangesDto.of(await this.feed.read(owner, query.toRequest(), gone));
  }

  @Get('usage')
  @ApiOperation({
    summary: 'Storage usage',
    description: 'Bytes and counts of records, vectors and backups, and their limits.',
  })
  @ApiOkResponse({ type: UsageDto })
  async getUsage(@Caller() owner: Principal): Promise<UsageDto> {
    return UsageDto.of(await this.quota.usage(owner));
  }
}
