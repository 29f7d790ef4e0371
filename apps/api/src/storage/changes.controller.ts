import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiGoneResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Quota } from '@adiuva/quota';
import { ChangeFeed } from '@adiuva/storage';
import { Caller, Opaque } from '../edge/principal';
import { ChangesDto, ReadChangesDto, UsageDto } from './changes.dto';

@ApiTags('storage')
@ApiBearerAuth()
@Opaque()
@Controller('storage')
export class ChangesController {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly quota: Quota,
  ) {}

  @Get('changes')
  @ApiOperation({
    summary: 'Every change of the records once, in the order of their commits',
    description:
      'Begin without a cursor and go on with the one that each answer gives, until `has_more` is false; then again when `storage:changed` ' +
      'rings or the socket has reconnected. Deletions and overwritten versions are remembered for 90 days. A cursor older than that is 410 ' +
      '`cursor_expired`: begin without a cursor, take in every change, and drop every local record that none of them named.',
  })
  @ApiOkResponse({ type: ChangesDto })
  @ApiGoneResponse({ description: '`cursor_expired`: begin anew without a cursor' })
  async changes(@Caller() owner: Principal, @Query() query: ReadChangesDto): Promise<ChangesDto> {
    return ChangesDto.of(await this.feed.read(owner, query.toRequest()));
  }

  @Get('usage')
  @ApiOperation({ summary: 'What the user stores, and how much he may' })
  @ApiOkResponse({ type: UsageDto })
  async usage(@Caller() owner: Principal): Promise<UsageDto> {
    return UsageDto.of(await this.quota.usage(owner));
  }
}
