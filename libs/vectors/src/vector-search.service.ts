import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidField, Problem, type Principal } from '@adiuva/kernel';
import { Quota } from '@adiuva/quota';
import { DEFAULT_COLLECTION, formOf, type Collection } from './collection';
import { CollectionStore } from './collection.store';
import { Indexer } from './indexer.service';
import { ItemStore } from './item.store';
import { decodeWords } from './scan/float16';
import { sketchFault, sketchWords } from './sketch';
import { VectorStore } from './index/vector-store.port';

/** One query sketch for each live epoch. */
export interface QuerySketch {
  readonly epoch: number;
  readonly data: Buffer;
}

export interface VectorQuery {
  readonly collection: string;
  /** Finds items of the default collection that have exactly these bytes. */
  readonly blob: Buffer | null;
  readonly sketches: readonly QuerySketch[];
  /** 1 to 200. */
  readonly topK: number;
}

/** `score` is the cosine of the sketches, or 1 for identical bytes. */
export interface VectorHit {
  readonly id: string;
  readonly score: number;
  readonly blob: Buffer;
  readonly epoch: number;
}

/** Finds items by sketch, or by identical bytes, among the caller's own. */
@Injectable()
export class VectorSearch {
  constructor(
    private readonly collections: CollectionStore,
    private readonly items: ItemStore,
    private readonly index: VectorStore,
    private readonly quota: Quota,
    private readonly indexer: Indexer,
  ) {}

  /**
   * Best first. Several epochs share `topK` by rank, because scores under different keys say nothing about each other.
   * @throws `not_found`, `conflict` where only the client searches or for an epoch that is not live, `validation_failed`
   */
  async search(owner: Principal, query: VectorQuery, signal?: AbortSignal): Promise<VectorHit[]> {
    await this.quota.assertReadable(owner, 'vectors');
    const collection = await this.collections.find(owner.userId, query.collection);
    if (!collection && query.collection !== DEFAULT_COLLECTION) throw new Problem('not_found');
    const identical =
      query.blob && query.collection === DEFAULT_COLLECTION ? await this.identical(owner, query, query.blob) : [];
    if (collection?.mode !== 'sketch') return onlyIdentical(query, identical);
    const lists = [identical];
    for (const sketch of query.sketches) lists.push(await this.nearest(owner, collection, sketch, query.topK, signal));
    return inTurns(lists, query.topK).sort((a, b) => b.score - a.score);
  }

  /** The plain form: the 32 numbers of an item are its blob's SHA-256, so the only neighbour that means anything is the equal one. */
  private async identical(owner: Principal, { collection, topK }: VectorQuery, blob: Buffer): Promise<VectorHit[]> {
    const checksum = createHash('sha256').update(blob).digest();
    return (await this.items.identical(owner.userId, collection, checksum, topK)).map((item) => ({
      ...item,
      score: 1,
    }));
  }

  private async nearest(
    owner: Principal,
    collection: Collection,
    { epoch, data }: QuerySketch,
    count: number,
    signal?: AbortSignal,
  ): Promise<VectorHit[]> {
    const form = formOf(collection, epoch);
    if (!form) throw new Problem('conflict', { detail: `The collection is at epoch ${collection.epoch}` });
    const fault = sketchFault(form, data);
    if (fault) throw invalidField('sketches', `a sketch ${fault}`);
    const numbers = decodeWords(sketchWords(form.alg, form.dim, data));
    const at = { userId: owner.userId, collection: collection.name };
    // Before the search: what the index is given meanwhile, the search may have missed.
    const position = await this.indexer.position(owner.userId, collection.name);
    const matches = await this.index.nearest(at, { epoch, numbers, count }, signal);
    if (matches.length < count)
      await this.indexer.assertIndexed(owner.userId, {
        ...{ collection: collection.name, epoch, position },
        found: matches.length,
      });
    const ids = matches.map(({ id }) => id);
    // The rows decide what is there: an index may be behind, and its word alone never names an item.
    const found = new Map(
      (await this.items.found(owner.userId, collection.name, epoch, ids)).map((item) => [item.id, item]),
    );
    return matches.flatMap(({ id, score }) => {
      const item = found.get(id);
      return item ? [{ ...item, score }] : [];
    });
  }
}

function onlyIdentical(query: VectorQuery, hits: VectorHit[]): VectorHit[] {
  if (query.collection === DEFAULT_COLLECTION && query.sketches.length === 0) return hits;
  throw new Problem('conflict', { detail: 'This collection is searched on the client; it holds no sketches' });
}

/** The first of each list, then the second of each, and so on, each item once. */
function inTurns(lists: readonly VectorHit[][], count: number): VectorHit[] {
  const taken = new Map<string, VectorHit>();
  const maxLength = Math.max(...lists.map((list) => list.length));
  for (let rank = 0; rank < maxLength; rank += 1) {
    for (const list of lists) {
      const hit = list[rank];
      if (hit && taken.size < count && !taken.has(hit.id)) taken.set(hit.id, hit);
    }
  }
  return [...taken.values()];
}
