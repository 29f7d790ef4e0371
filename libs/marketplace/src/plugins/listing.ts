/** Where a plugin stands in the catalogue. Only what is `listed` is found, installed or handed out. */
export type ListingState = 'unpublished' | 'listed' | 'unlisted';
