import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { RecordReader } from '@adiuva/storage';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { Caller, IdempotencyKey, Opaque, SyncTraffic } from '../edge/principal';
import { BatchReadDto, BatchReadResultDto } from './batch-read.dto';

@ApiTags('storage')
@Opaque()
@Controller('storage/records')
export class BatchReadController {
  constructor(private readonly reader: RecordReader) {}

  @IdempotencyKey('read')
  @Post('batch-read')
  @HttpCode(200)
  @SyncTraffic()
  @ApiOperation({
    summary: 'Read several records',
    description:
      'The bytes of up to 100 records and 8 MiB together. `rest` has the ids that did not fit. A record that cannot be read has a status ' +
      'and a code in place of its bytes. Counts against the budget of sync traffic in bytes, not against the requests a minute.',
  })
  @ApiOkResponse({ type: BatchReadResultDto })
  async readRecords(
    @Caller() owner: Principal,
    @Body() body: BatchReadDto,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<BatchReadResultDto> {
    return BatchReadResultDto.of(await this.reader.readBatch(owner, body.ids, gone));
  }
}
