import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiGoneResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { DEFAULT_COLLECTION, VectorFeed, Vectors, VectorSearch } from '@adiuva/vectors';
import { Caller, IdempotencyKey, JsonLimit, Needs, Opaque } from '../edge/principal';
import { ReadVectorChangesDto, SearchVectorsDto, VectorChangesDto, VectorHitsDto } from './search.dto';
import { DeletedDto, DeleteVectorsDto, UPSERT_MAX_BYTES, UpsertedDto, UpsertVectorsDto } from './vector.dto';

const MIB = 1024 * 1024;

@ApiTags('vectors')
@Opaque()
@Controller('storage/vectors')
export class VectorsController {
  constructor(
    private readonly vectors: Vectors,
    private readonly finder: VectorSearch,
    private readonly feed: VectorFeed,
  ) {}

  @IdempotencyKey('repeatable')
  @Post('upsert')
  @HttpCode(200)
  @Needs((features) => features.cloudStorageGb !== 0)
  @JsonLimit(UPSERT_MAX_BYTES)
  @ApiOperation({
    summary: 'Store vectors',
    description:
      'Up to 1,000 encrypted vectors, all or none. An item of the `default` collection without a sketch is indexed by its SHA-256 as 32 numbers and is found only by identical bytes. 400 `plaintext_vectors` when 20 or more sketches are sent of which over half have length 1 within 0.001, as plain embeddings do.',
  })
  @ApiOkResponse({ type: UpsertedDto })
  @ApiConflictResponse({ description: '`conflict`: the collection is at another epoch' })
  async upsertVectors(@Caller() owner: Principal, @Body() body: UpsertVectorsDto): Promise<UpsertedDto> {
    return { upserted: await this.vectors.upsert(owner, body.toVectors()) };
  }

  @IdempotencyKey('read')
  @Post('search')
  @HttpCode(200)
  @JsonLimit(MIB)
  @ApiOperation({
    summary: 'Search vectors',
    description:
      'The nearest items to a query sketch, or the items identical to a blob, best first. Request ten times as many as needed and compare them exactly on the client. Several epochs share `top_k` by rank.',
  })
  @ApiOkResponse({ type: VectorHitsDto })
  @ApiConflictResponse({
    description: '`conflict`: a `local` collection is searched on the client; or the epoch is not live',
  })
  async searchVectors(@Caller() owner: Principal, @Body() body: SearchVectorsDto): Promise<VectorHitsDto> {
    return VectorHitsDto.of(await this.finder.search(owner, body.toQuery()));
  }

  @Get('changes')
  @ApiOperation({
    summary: 'Read the change feed of a collection',
    description:
      'Changed items with their blobs in commit order, for clients that search locally. Deletions are remembered for 90 days; after 410 `cursor_expired` start without a cursor and delete every local item that no change named.',
  })
  @ApiOkResponse({ type: VectorChangesDto })
  @ApiGoneResponse({ description: '`cursor_expired`: start again without a cursor' })
  async listVectorChanges(@Caller() owner: Principal, @Query() query: ReadVectorChangesDto): Promise<VectorChangesDto> {
    const collection = query.collection ?? DEFAULT_COLLECTION;
    return VectorChangesDto.of(collection, await this.feed.after(owner, collection, query.cursor, query.limit));
  }

  @Delete()
  @JsonLimit(MIB)
  @ApiOperation({ summary: 'Delete vectors', description: 'Ids that do not exist are ignored.' })
  @ApiOkResponse({ type: DeletedDto })
  async deleteVectors(@Caller() owner: Principal, @Body() body: DeleteVectorsDto): Promise<DeletedDto> {
    return DeletedDto.of(await this.vectors.delete(owner, body.collection ?? DEFAULT_COLLECTION, body.ids));
  }
}
