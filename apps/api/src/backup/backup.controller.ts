import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import type { Origin } from '@adiuva/auth';
import {
  BackupRetention,
  Backups,
  BackupTrash,
  SingleRequestUpload,
  type BackupBody,
  type BackupLabel,
} from '@adiuva/backup';
import { sendBlob } from '../edge/http/blob-response';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { ClientAddress } from '../edge/http/client-address';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, Needs, StreamedBody, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import {
  ApiDeleteBackup,
  ApiGetBackup,
  ApiHistory,
  ApiPreviewRetention,
  ApiPutBackup,
  ApiRestoreBackup,
  ApiRetention,
} from './backup.openapi';
import {
  BackupMetadataDto,
  DeleteBackupDto,
  DeletedBackupDto,
  HistoryQueryDto,
  RetentionDto,
  RetentionPreviewDto,
  StoredBackupDto,
} from './backup.dto';
import { LabelHeaders, StreamBody } from './backup-body';
import { BackupDeletion } from './backup-deletion.service';
import { backupAnswer, requestedOf } from './backup-download';

@ApiTags('backup')
@Controller('backup')
export class BackupController {
  constructor(
    private readonly backups: Backups,
    private readonly streamed: SingleRequestUpload,
    private readonly trash: BackupTrash,
    private readonly deletion: BackupDeletion,
    private readonly retention: BackupRetention,
  ) {}

  @Put()
  @Needs((features) => features.backupGb !== 0)
  @StreamedBody('every type')
  @ApiPutBackup()
  async createBackup(
    @Caller() owner: Principal,
    @LabelHeaders() label: BackupLabel,
    @StreamBody() body: BackupBody,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<StoredBackupDto> {
    return StoredBackupDto.of(await this.streamed.store(owner, label, body, gone));
  }

  @Get()
  @ApiGetBackup(
    'Read the latest backup',
    'The newest backup by the clock of the server that is neither deleted nor known to be damaged. The connection is closed before the last byte when the stored bytes do not match the checksum.',
  )
  async getLatestBackup(
    @Caller() owner: Principal,
    @Req() request: EdgeRequest,
    @Res() response: EdgeResponse,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<void> {
    await sendBlob(response, backupAnswer(await this.backups.read(owner, null, requestedOf(request), gone)));
  }

  @Get('history')
  @ApiHistory()
  async listBackups(@Caller() owner: Principal, @Query() query: HistoryQueryDto): Promise<BackupMetadataDto[]> {
    return (await (query.trash === 'true' ? this.backups.trash(owner) : this.backups.history(owner))).map(
      BackupMetadataDto.of,
    );
  }

  @Get('retention')
  @ApiRetention('Read the retention rule', 'All numbers 0 keep everything.')
  async getRetention(@Caller() owner: Principal): Promise<Omit<RetentionDto, 'toRule'>> {
    return RetentionDto.of(await this.retention.rule(owner));
  }

  @Put('retention')
  @ApiRetention('Set the retention rule', 'Applied immediately; what it removes stays in the trash for days.')
  async putRetention(@Caller() owner: Principal, @Body() body: RetentionDto): Promise<Omit<RetentionDto, 'toRule'>> {
    await this.retention.setRule(owner, body.toRule());
    return RetentionDto.of(body.toRule());
  }

  @IdempotencyKey('read')
  @Post('retention/preview')
  @HttpCode(200)
  @ApiPreviewRetention()
  async previewRetention(@Caller() owner: Principal, @Body() body: RetentionDto): Promise<RetentionPreviewDto> {
    return RetentionPreviewDto.of(await this.retention.preview(owner, body.toRule()));
  }

  @Get(':id')
  @ApiGetBackup(
    'Read a backup',
    'The connection is closed before the last byte when the stored bytes do not match the checksum.',
  )
  async getBackup(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Req() request: EdgeRequest,
    @Res() response: EdgeResponse,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<void> {
    await sendBlob(response, backupAnswer(await this.backups.read(owner, id, requestedOf(request), gone)));
  }

  @Delete(':id')
  @ApiDeleteBackup()
  async deleteBackup(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: DeleteBackupDto,
    @ClientAddress() origin: Origin,
  ): Promise<DeletedBackupDto> {
    return DeletedBackupDto.of(await this.deletion.delete(owner, id, body.password, origin));
  }

  @IdempotencyKey('atomic')
  @Post(':id/restore')
  @HttpCode(200)
  @ApiRestoreBackup()
  async restoreBackup(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<DeletedBackupDto> {
    await this.trash.restore(owner, id);
    return DeletedBackupDto.of(null);
  }
}
