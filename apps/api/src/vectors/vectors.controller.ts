import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiGoneResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { DEFAULT_COLLECTION, VectorFeed, Vectors, VectorSearch } from '@adiuva/vectors';
import { Caller, JsonLimit, Needs, Opaque } from '../edge/principal';
import { ReadVectorChangesDto, SearchVectorsDto, VectorChangesDto, VectorHitsDto } from './search.dto';
import { DeletedDto, DeleteVectorsDto, UPSERT_MAX_BYTES, UpsertedDto, UpsertVectorsDto } from './vector.dto';

const MIB = 1024 * 1024;

@ApiTags('vectors')
@ApiBearerAuth()
@Opaque()
@Controller('storage/vectors')
export class VectorsController {
  constructor(
    private readonly vectors: Vectors,
    private readonly finder: VectorSearch,
    private readonly feed: VectorFeed,
  ) {}

  @Post('upsert')
  @HttpCode(200)
  @Needs((features) => features.cloudStorageGb !== 0)
  @JsonLimit(UPSERT_MAX_BYTES)
  @ApiOperation({
    summary: 'Store up to 1,000 sealed vectors, all or none',
    description:
      'An item of the `default` collection without a sketch has its SHA-256 as its 32 numbers, and is found only by identical bytes. A `default` ' +
      'collection that was never settled takes the form of the first sketch that is sent to it. 400 `plaintext_vectors` when 20 or more ' +
      'sketches come of which over half have length 1 within 0.001, as plain embeddings do.',
  })
  @ApiOkResponse({ type: UpsertedDto })
  @ApiConflictResponse({ description: '`conflict`: the collection is at another epoch' })
  async upsert(@Caller() owner: Principal, @Body() body: UpsertVectorsDto): Promise<UpsertedDto> {
    return { upserted: await this.vectors.upsert(owner, body.toVectors()) };
  }

  @Post('search')
  @HttpCode(200)
  @JsonLimit(MIB)
  @ApiOperation({
    summary: 'The items nearest to a query sketch, or identical to a blob, best first',
    description:
      'Fetch ten times as many as wanted and compare them exactly on the client. Several epochs share `top_k` by rank.',
  })
  @ApiOkResponse({ type: VectorHitsDto })
  @ApiConflictResponse({
    description: '`conflict`: a `local` collection is searched on the client; or the epoch is not live',
  })
  async search(@Caller() owner: Principal, @Body() body: SearchVectorsDto): Promise<VectorHitsDto> {
    return VectorHitsDto.of(await this.finder.search(owner, body.toQuery()));
  }

  @Get('changes')
  @ApiOperation({
    summary: 'The items of a collection that have changed, with their blobs, in the order of their commits',
    description:
      'Begin without a cursor and go on with the one that each answer gives. Deletions are remembered for 90 days; a cursor older than that ' +
      'is 410 `cursor_expired`: begin without one and drop every local item that no change named.',
  })
  @ApiOkResponse({ type: VectorChangesDto })
  @ApiGoneResponse({ description: '`cursor_expired`: begin anew without a cursor' })
  async changes(@Caller() owner: Principal, @Query() query: ReadVectorChangesDto): Promise<VectorChangesDto> {
    const collection = query.collection ?? DEFAULT_COLLECTION;
    return VectorChangesDto.of(collection, await this.feed.after(owner, collection, query.cursor, query.limit));
  }

  @Delete()
  @JsonLimit(MIB)
  @ApiOperation({ summary: 'Delete items; ids that are not there are passed over' })
  @ApiOkResponse({ type: DeletedDto })
  async delete(@Caller() owner: Principal, @Body() body: DeleteVectorsDto): Promise<DeletedDto> {
    return DeletedDto.of(await this.vectors.delete(owner, body.collection ?? DEFAULT_COLLECTION, body.ids));
  }
}
