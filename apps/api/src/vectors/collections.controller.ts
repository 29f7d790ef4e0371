import { Body, Controller, Delete, Get, Headers, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Collections } from '@adiuva/vectors';
import { Caller, Needs, Opaque } from '../edge/principal';
import { OkDto } from '../auth/keys.dto';
import { CollectionDto, PutCollectionDto } from './collection.dto';
import { CollectionNamePipe } from './collection-name.pipe';

@ApiTags('vectors')
@ApiBearerAuth()
@Opaque()
@Controller('storage/vectors/collections')
export class CollectionsController {
  constructor(private readonly collections: Collections) {}

  @Get()
  @ApiOkResponse({ type: [CollectionDto] })
  async list(@Caller() owner: Principal): Promise<CollectionDto[]> {
    return (await this.collections.list(owner)).map((collection) => CollectionDto.of(collection));
  }

  @Get(':name')
  @ApiOkResponse({ type: CollectionDto })
  async get(@Caller() owner: Principal, @Param('name', CollectionNamePipe) name: string): Promise<CollectionDto> {
    return CollectionDto.of(await this.collections.get(owner, name));
  }

  @Put(':name')
  @Needs((features) => features.cloudStorageGb !== 0)
  @ApiOperation({
    summary: 'Make a collection, or settle it anew',
    description:
      'A higher `epoch` begins a change of keys or model: sketches of the epoch before stay searchable until their items are stored again; ' +
      'older ones are dropped. Going from `sketch` to `local` drops all sketches. `If-None-Match: *` makes only a new one (412 otherwise).',
  })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiOkResponse({ type: CollectionDto })
  @ApiConflictResponse({ description: '`conflict`: a lower epoch, or another form within the same epoch' })
  async put(
    @Caller() owner: Principal,
    @Param('name', CollectionNamePipe) name: string,
    @Body() body: PutCollectionDto,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<CollectionDto> {
    return CollectionDto.of(await this.collections.put(owner, name, body.toSettings(), ifNoneMatch?.trim() === '*'));
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Delete a collection with all its items' })
  @ApiOkResponse({ type: OkDto })
  async delete(@Caller() owner: Principal, @Param('name', CollectionNamePipe) name: string): Promise<OkDto> {
    return this.collections.delete(owner, name).then(() => ({ ok: true }));
  }
}
