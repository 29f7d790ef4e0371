import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { BackupUploads, UploadCompletion, type BackupBody } from '@adiuva/backup';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, Needs, StreamedBody, Uncounted } from '../edge/principal';
import { ChecksumHeader, StreamBody } from './backup-body';
import { StoredBackupDto } from './backup.dto';
import { ChunkLimitGuard } from './chunk-limit.guard';
import { ChunkNumberPipe } from './chunk-number.pipe';
import { OkDto } from '../edge/ok.dto';
import { BeginUploadDto, UploadDto, UploadSummaryDto } from './upload.dto';
import {
  ApiAbortUpload,
  ApiBeginUpload,
  ApiCompleteUpload,
  ApiGetUpload,
  ApiListUploads,
  ApiPutChunk,
} from './uploads.openapi';

@ApiTags('backup')
@Controller('backup/uploads')
export class UploadsController {
  constructor(
    private readonly uploads: BackupUploads,
    private readonly completion: UploadCompletion,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @HttpCode(200)
  @Needs((features) => features.backupGb !== 0)
  @ApiBeginUpload()
  async beginUpload(@Caller() owner: Principal, @Body() body: BeginUploadDto): Promise<UploadDto> {
    return UploadDto.ofProgress(await this.uploads.begin(owner, body.toBackup()));
  }

  @Get()
  @ApiListUploads()
  async listUploads(@Caller() owner: Principal): Promise<UploadSummaryDto[]> {
    return (await this.uploads.list(owner)).map(UploadSummaryDto.of);
  }

  @Get(':id')
  @ApiGetUpload()
  async getUpload(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<UploadDto> {
    return UploadDto.ofProgress(await this.uploads.progress(owner, id));
  }

  @Put(':id/chunks/:n')
  @Needs((features) => features.backupGb !== 0)
  @Uncounted()
  @UseGuards(ChunkLimitGuard)
  @StreamedBody('every type')
  @ApiPutChunk()
  async putChunk(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Param('n', ChunkNumberPipe) number: number,
    @ChecksumHeader() checksum: string,
    @StreamBody() body: BackupBody,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<OkDto> {
    await this.uploads.putChunk(owner, id, number, checksum, body, gone);
    return { ok: true };
  }

  @IdempotencyKey('repeatable')
  @Post(':id/complete')
  @HttpCode(200)
  @Needs((features) => features.backupGb !== 0)
  @ApiCompleteUpload()
  async completeUpload(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<StoredBackupDto> {
    return StoredBackupDto.of(await this.completion.complete(owner, id, gone));
  }

  @Delete(':id')
  @ApiAbortUpload()
  async abortUpload(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.uploads.abort(owner, id);
    return { ok: true };
  }
}
