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
  StreamableFile,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { ProjectArchive, Projects } from '@adiuva/projects';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, Opaque, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { describePage } from '../edge/http/pagination-headers';
import { ifMatch, withVersionTag } from '../edge/http/conditional-request';
import { ChangeProjectDto, ListProjectsQuery, NewProjectDto, ProjectDto } from './project.dto';

// Answers have what the user has written, and what agents wrote, which is cleaned where it is made.
@ApiTags('projects')
@Opaque()
@Controller('projects')
export class ProjectsController {
  constructor(
    private readonly projects: Projects,
    private readonly archives: ProjectArchive,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @ApiOperation({
    summary: 'Create a code project',
    description: 'Title, description and stack are sealed under the key of the user.',
  })
  @ApiCreatedResponse({ type: ProjectDto })
  async createProject(
    @Caller() owner: Principal,
    @Body() body: NewProjectDto,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ProjectDto> {
    return withVersionTag(response, ProjectDto.of(await this.projects.create(owner, body.toProject())));
  }

  @Get()
  @ApiOperation({
    summary: 'List code projects, newest first',
    description: '`X-Total-Count` and `Link` describe the pages.',
  })
  @ApiOkResponse({ type: [ProjectDto], headers: { 'X-Total-Count': { schema: { type: 'integer' } } } })
  async listProjects(
    @Caller() owner: Principal,
    @Query() query: ListProjectsQuery,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ProjectDto[]> {
    const found = await this.projects.list(owner, query.status, query);
    return describePage(request, response, query, found).items.map((project) => ProjectDto.of(project));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a code project', description: 'The `ETag` is the version.' })
  @ApiOkResponse({ type: ProjectDto })
  async getProject(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ProjectDto> {
    return withVersionTag(response, ProjectDto.of(await this.projects.get(owner, id)));
  }

  @Put(':id')
  @ApiOperation({
    summary: 'Change a code project',
    description:
      'Only the fields that are sent change. `If-Match` refuses a change that was made from another version.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOkResponse({ type: ProjectDto })
  @ApiPreconditionFailedResponse({ description: 'The project has another version' })
  async updateProject(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeProjectDto,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<ProjectDto> {
    const changed = await this.projects.change(owner, id, body.toChange(), ifMatch(match));
    return withVersionTag(response, ProjectDto.of(changed));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a code project with its files and jobs',
    description: 'Jobs that run are cancelled.',
  })
  async deleteProject(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.projects.delete(owner, id);
  }

  @Get(':id/archive')
  @ApiOperation({ summary: 'Download the current files as a zip archive', description: 'The archive is streamed.' })
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async downloadProject(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    return new StreamableFile(await this.archives.open(owner, id), {
      type: 'application/zip',
      disposition: 'attachment; filename="project.zip"',
    });
  }
}
