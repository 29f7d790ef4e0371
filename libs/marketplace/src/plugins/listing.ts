/** Only plugins that are `listed` can be found, installed or downloaded. */
export type ListingState = 'unpublished' | 'listed' | 'unlisted';
