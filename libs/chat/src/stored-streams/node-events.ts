/** What nodes publish to each other about streams; ids and numbers only. */

/** Another node was asked to cancel a chat: `stream_id`. */
export const STREAM_CANCELLED = 'chat.cancelled';
/** A client has answered a tool call through another node: `stream_id`. */
export const STREAM_ANSWERED = 'chat.answered';
/** A client follows a stream through another node: `stream_id`, `follower`, `next_index`. Repeated while it does. */
export const STREAM_FOLLOWED = 'chat.followed';
/** It does not any more: `stream_id`, `follower`. */
export const STREAM_UNFOLLOWED = 'chat.unfollowed';
/** Another listener has replaced `follower`. */
export const FOLLOWER_REPLACED = 'chat.replaced';

/** A follower that has not reported for so long is gone with its node. */
export const FOLLOWER_TTL_MS = 15_000;
/** How often a follower reports. */
export const REPORT_MS = 4_000;
