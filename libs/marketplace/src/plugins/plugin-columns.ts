import { storedSkeleton } from './confusables';
import type { Manifest } from './manifest';

/** The values of a manifest in the order of the catalogue's columns: name, skeleton, author, description, category, permissions, price. */
export function columnValues(manifest: Manifest): readonly unknown[] {
  const { name, author, description, category, permissions, price_cents: price } = manifest;
  return [name, storedSkeleton(name), author, description, category, JSON.stringify(permissions), price];
}
