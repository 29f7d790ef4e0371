import { VectorCollectionRow } from './collection.entity';
import { VectorItemRow } from './item.entity';

export const VECTORS_ENTITIES = [VectorCollectionRow, VectorItemRow] as const;
