import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { RecordBatch, Records, type NewRecord, type RecordContent } from '@adiuva/storage';
import { sendBlob } from '../edge/http/blob-response';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { ifMatchList, versionTag } from '../edge/http/conditional-request';
import { IdPipe } from '../edge/body/id.pipe';
import {
  Caller,
  IdempotencyKey,
  JsonLimit,
  Needs,
  Opaque,
  StreamedBody,
  type EdgeRequest,
  type EdgeResponse,
} from '../edge/principal';
import { BatchDto, BatchResultDto } from './batch.dto';
import { describePage } from '../edge/http/pagination-headers';
import { NewRecordBody, RecordContentBody } from './record-body';
import {
  CreatedRecordDto,
  DeletedRecordDto,
  ListRecordsDto,
  RECORD_BODY_MAX_BYTES,
  RecordDto,
  UpdatedRecordDto,
} from './record.dto';
import { blobAnswer, requestedOf } from './record-download';
import {
  ApiBatch,
  ApiCreateRecord,
  ApiDeleteRecord,
  ApiGetRecord,
  ApiListRecords,
  ApiReplaceRecord,
} from './records.openapi';
import { tombstoneOf } from './tombstone';
import { QuotaPrecheckGuard } from './quota-precheck.guard';

@ApiTags('storage')
@Opaque()
@Controller('storage/records')
export class RecordsController {
  constructor(
    private readonly records: Records,
    private readonly batches: RecordBatch,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @Needs((features) => features.cloudStorageGb !== 0)
  @UseGuards(QuotaPrecheckGuard)
  @StreamedBody()
  @JsonLimit(RECORD_BODY_MAX_BYTES)
  @ApiCreateRecord()
  async createRecord(
    @Caller() owner: Principal,
    @NewRecordBody() record: NewRecord,
    @ClientAbortSignal() gone: AbortSignal,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<CreatedRecordDto> {
    const created = CreatedRecordDto.of(await this.records.create(owner, record, gone));
    response
      .setHeader('ETag', versionTag(created.version))
      .setHeader('Location', `/api/v1/storage/records/${created.id}`);
    return created;
  }

  @IdempotencyKey('atomic')
  @Post('batch')
  @HttpCode(200)
  @Needs((features) => features.cloudStorageGb !== 0)
  @UseGuards(QuotaPrecheckGuard)
  @JsonLimit(RECORD_BODY_MAX_BYTES)
  @ApiBatch()
  async batchRecords(
    @Caller() owner: Principal,
    @Body() body: BatchDto,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<BatchResultDto> {
    return BatchResultDto.of(await this.batches.run(owner, await body.toOperations(), gone));
  }

  @Get()
  @ApiListRecords()
  async listRecords(
    @Caller() owner: Principal,
    @Query() query: ListRecordsDto,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<RecordDto[]> {
    return RecordDto.page(describePage(request, response, query, await this.records.list(owner, query.table, query)));
  }

  @Get(':id')
  @ApiGetRecord()
  async getRecord(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: EdgeRequest,
    @Res() response: EdgeResponse,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<void> {
    await sendBlob(response, blobAnswer(await this.records.read(owner, id, requestedOf(request), gone)));
  }

  @Put(':id')
  @Needs((features) => features.cloudStorageGb !== 0)
  @StreamedBody()
  @JsonLimit(RECORD_BODY_MAX_BYTES)
  @ApiReplaceRecord()
  async replaceRecord(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Headers('if-match') match: string | undefined,
    @RecordContentBody() content: RecordContent,
    @ClientAbortSignal() gone: AbortSignal,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<UpdatedRecordDto> {
    const updated = UpdatedRecordDto.of(await this.records.replace(owner, id, content, ifMatchList(match), gone));
    response.setHeader('ETag', versionTag(updated.version));
    return updated;
  }

  @Delete(':id')
  @ApiDeleteRecord()
  async deleteRecord(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Headers('if-match') match: string | undefined,
    @Headers('x-tombstone') tombstone: string | undefined,
  ): Promise<DeletedRecordDto> {
    return DeletedRecordDto.of(await this.records.remove(owner, id, ifMatchList(match), tombstoneOf(tombstone)));
  }
}
