import { Body, Controller, Delete, Get, Headers, Param, Put } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Collections } from '@adiuva/vectors';
import { onlyCreates } from '../edge/http/conditional-request';
import { Caller, Needs, Opaque } from '../edge/principal';
import { OkDto } from '../edge/ok.dto';
import { CollectionDto, PutCollectionDto } from './collection.dto';
import { CollectionNamePipe } from './collection-name.pipe';

@ApiTags('vectors')
@Opaque()
@Controller('storage/vectors/collections')
export class CollectionsController {
  constructor(private readonly collections: Collections) {}

  @Get()
  @ApiOkResponse({ type: [CollectionDto] })
  @ApiOperation({ summary: 'List vector collections', description: 'The collections of the user with their settings.' })
  async listCollections(@Caller() owner: Principal): Promise<CollectionDto[]> {
    return (await this.collections.list(owner)).map((collection) => CollectionDto.of(collection));
  }

  @Get(':name')
  @ApiOkResponse({ type: CollectionDto })
  @ApiOperation({ summary: 'Read a vector collection', description: 'Settings of one collection.' })
  async getCollection(
    @Caller() owner: Principal,
    @Param('name', CollectionNamePipe) name: string,
  ): Promise<CollectionDto> {
    return CollectionDto.of(await this.collections.get(owner, name));
  }

  @Put(':name')
  @Needs((features) => features.cloudStorageGb !== 0)
  @ApiOperation({
    summary: 'Create or change a vector collection',
    description:
      'A higher `epoch` starts a change of keys or model: sketches of the previous epoch stay searchable until their items are stored again; older ones are deleted. A change from `sketch` to `local` deletes all sketches. `If-None-Match: *` creates only (412 otherwise). `wrapped_keys` is opaque to the server.',
  })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiOkResponse({ type: CollectionDto })
  @ApiConflictResponse({ description: '`conflict`: a lower epoch, or another form within the same epoch' })
  async putCollection(
    @Caller() owner: Principal,
    @Param('name', CollectionNamePipe) name: string,
    @Body() body: PutCollectionDto,
    @Headers('if-none-match') noneMatch: string | undefined,
  ): Promise<CollectionDto> {
    return CollectionDto.of(await this.collections.put(owner, name, body.toSettings(), onlyCreates(noneMatch)));
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Delete a vector collection', description: 'Deletes all of its items, too.' })
  @ApiOkResponse({ type: OkDto })
  async deleteCollection(@Caller() owner: Principal, @Param('name', CollectionNamePipe) name: string): Promise<OkDto> {
    return this.collections.delete(owner, name).then(() => ({ ok: true }));
  }
}
