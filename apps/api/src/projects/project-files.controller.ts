import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiPreconditionFailedResponse,
  ApiTags,
} from '@nestjs/swagger';
import { invalidField, type Principal } from '@adiuva/kernel';
import { ProjectFiles } from '@adiuva/projects';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, JsonLimit, Opaque, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { ifMatch, onlyCreates, withVersionTag } from '../edge/http/conditional-request';
import {
  FileDto,
  FileEntryDto,
  FileListDto,
  FileQuery,
  ListFilesQuery,
  WriteFileDto,
  WrittenFileDto,
} from './project-file.dto';

/** 1 MiB of text when JSON escapes each byte of it, with the other fields. */
const BODY_MAX = 6 * 1_048_576 + 65_536;

@ApiTags('projects')
@Opaque()
@Controller('projects/:id/files')
export class ProjectFilesController {
  constructor(private readonly files: ProjectFiles) {}

  @Get()
  @ApiOperation({ summary: 'List the files of a project', description: 'Sorted by path, without contents.' })
  @ApiOkResponse({ type: FileListDto })
  async listProjectFiles(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Query() { prefix }: ListFilesQuery,
  ): Promise<FileListDto> {
    const files = await this.files.list(owner, id, prefix);
    return { project_id: id, count: files.length, files: files.map((file) => FileEntryDto.of(file)) };
  }

  @IdempotencyKey('atomic')
  @Post()
  @JsonLimit(BODY_MAX)
  @ApiOperation({
    summary: 'Write a file',
    description:
      'Creates the file or adds a version; the last 20 versions are kept and count against the storage quota. `If-Match` with the version, or ' +
      '`If-None-Match: *` for a new file, refuses to overwrite what the client has not seen. A file that is created after others were deleted ' +
      'starts after their versions, so that a version never names two contents of a path.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiCreatedResponse({ type: WrittenFileDto })
  @ApiOkResponse({ type: WrittenFileDto, description: 'The file existed' })
  @ApiPaymentRequiredResponse({ description: 'quota_exceeded, or upgrade_required for a plan without cloud storage' })
  @ApiConflictResponse({ description: 'A twin of the path by case, a folder in its place, or 2,000 files' })
  @ApiPreconditionFailedResponse({ description: 'The file has another version' })
  async writeProjectFile(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { path, content, language }: WriteFileDto,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<WrittenFileDto> {
    if ('content' in request.query) {
      throw invalidField('content', 'belongs into the body, not into the address');
    }
    const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
    const expected = onlyCreates(noneMatch) ? [0] : ifMatch(match);
    const changed = await this.files.write(owner, id, { path, content, language: language ?? undefined, expected });
    response.status(changed.created ? 201 : 200);
    return withVersionTag(response, WrittenFileDto.of(changed, content));
  }

  @Get('content')
  @ApiOperation({
    summary: 'Read a file',
    description: 'The current version, or one of the last 20. The `ETag` is the version.',
  })
  @ApiOkResponse({ type: FileDto })
  async readProjectFile(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Query() { path, version }: FileQuery,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<FileDto> {
    return withVersionTag(response, FileDto.of(await this.files.read(owner, id, path, version)));
  }

  @Delete('content')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a file',
    description: 'With all its versions; with `version` only that one, which must not be the current one.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`version` is the current one' })
  @ApiPreconditionFailedResponse({ description: 'The file has another version' })
  async deleteProjectFile(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Query() { path, version }: FileQuery,
    @Headers('if-match') match: string | undefined,
  ): Promise<void> {
    if (version === undefined) await this.files.delete(owner, id, path, ifMatch(match));
    else await this.files.deleteVersion(owner, id, path, version);
  }
}
