import type { ProblemCode } from '@adiuva/kernel';

/** What a client developer reads about one code: why it occurs and what to do. */
export interface ProblemHelp {
  readonly cause: string;
  readonly remedy: string;
}

/** One entry for each code of the table in `libs/kernel/src/problem.ts`; a missing one does not compile. */
export const PROBLEM_HELP: Readonly<Record<ProblemCode, ProblemHelp>> = {
  validation_failed: {
    cause: 'A field is missing, unknown or outside its limits. `errors` names each field and its rule.',
    remedy: 'Correct the named fields. The limits of every field are in the OpenAPI document.',
  },
  malformed_request: {
    cause: 'The body or a header cannot be parsed: broken JSON, an invalid encoding, contradictory lengths.',
    remedy: 'Send valid JSON in UTF-8 with the matching `Content-Type` and `Content-Length`.',
  },
  checksum_mismatch: {
    cause: 'The SHA-256 of the received bytes differs from the checksum that came with them. Nothing was stored.',
    remedy: 'Compute the checksum over the raw bytes (not over base64) and send the request again.',
  },
  plaintext_vectors: {
    cause: 'The vectors of this batch look like embeddings that were not encrypted. Nothing was stored.',
    remedy: 'Encrypt vectors with the SDK before the upload. See docs/encryption.md.',
  },
  invalid_path: {
    cause: 'The path of a file is absolute, leaves its project, or cannot exist on every system.',
    remedy: 'Send a relative path with `/` between plain names, in Unicode normal form C; `errors` says what is wrong.',
  },
  invalid_signature: {
    cause: 'The signature does not match the body, or it is too old.',
    remedy: 'Sign the raw body with the configured secret and check the clock.',
  },
  bot_check_failed: {
    cause: '`turnstile_token` is missing, wrong, too old or used before.',
    remedy: 'Show the Turnstile widget again and send its new token.',
  },
  unauthenticated: {
    cause: 'The access token is missing, expired, revoked or not issued by this server.',
    remedy: 'Refresh the access token with `POST /auth/refresh`, or sign in again.',
  },
  invalid_credentials: {
    cause: 'The e-mail address or the password is wrong. Both cases have the same response.',
    remedy: 'Ask the user for the credentials again.',
  },
  sso_required: {
    cause: 'The password is right, but the team of this account demands a sign-in at its OpenID provider.',
    remedy: 'Open `GET /auth/sso/start` in the browser of the system.',
  },
  sso_failed: {
    cause:
      'The response of the OpenID provider does not belong to a sign-in that this browser began, was used before, is older than ten minutes, ' +
      'or does not identify a person who may sign in.',
    remedy: 'Start the sign-in again. `error` in the redirect to the app names the reason.',
  },
  totp_required: {
    cause: 'The password is right and the account has a second factor.',
    remedy: 'Ask for a code of the authenticator app or a recovery code, and sign in again with `totp`.',
  },
  refresh_token_reused: {
    cause: 'A refresh token was presented again after its grace, so the session may have been stolen. It is revoked.',
    remedy: 'Sign in again. Store the new refresh token before the old one is discarded.',
  },
  upgrade_required: {
    cause: 'The plan of the user does not include this feature. `required_tier` names the lowest plan that does.',
    remedy: 'Offer the upgrade: `POST /billing/checkout`.',
  },
  quota_exceeded: {
    cause: 'Storing this would exceed the quota of the plan. `limit_bytes` and `used_bytes` say by how much.',
    remedy: 'Delete data or upgrade. Nothing of this request was stored.',
  },
  payment_required: {
    cause: 'The purchase has not been paid.',
    remedy: 'Complete the payment on the page that the response names, then repeat the request.',
  },
  forbidden: {
    cause: 'The account is signed in but its role does not allow this operation.',
    remedy: 'Use an account with the required role.',
  },
  account_disabled: {
    cause: 'An administrator has disabled the account. Its data is kept.',
    remedy: 'Ask the operator of the server.',
  },
  email_unverified: {
    cause: 'This server requires a confirmed e-mail address for paid actions and teams.',
    remedy: 'Request a link with `POST /auth/email/verification` and ask the user to open it.',
  },
  not_found: {
    cause: 'The object does not exist or belongs to another user. Both cases have the same response.',
    remedy: 'Check the id. After a sync conflict, read the list again.',
  },
  method_not_allowed: {
    cause: 'The path exists but does not support this method.',
    remedy: 'See the OpenAPI document for the methods of the path.',
  },
  not_acceptable: {
    cause: 'The server cannot produce any media type of the `Accept` header.',
    remedy: 'Accept `application/json`, or `text/event-stream` where the document offers it.',
  },
  request_timeout: {
    cause: 'The request arrived too slowly.',
    remedy: 'Send it again, in smaller parts on a slow connection.',
  },
  conflict: {
    cause: 'The current state does not allow this operation; `detail` names the reason.',
    remedy: 'Read the object again and decide from its new state.',
  },
  email_taken: {
    cause: 'An account with this e-mail address exists.',
    remedy: 'Sign in, or register with another address.',
  },
  replayed: {
    cause: 'The nonce of this signed request was used before.',
    remedy: 'Sign each request with a new random nonce, repetitions too.',
  },
  no_seat: {
    cause: 'Every seat that the team pays for is taken.',
    remedy: 'Ask the owner of the team for another seat, then accept again: the link stays valid.',
  },
  continuation_spent: {
    cause: 'A continuation can be used once, and this one was used.',
    remedy: 'Use the response of the first request, or start the chat again.',
  },
  idempotency_in_progress: {
    cause: 'The first request with this `Idempotency-Key` has not finished.',
    remedy: 'Wait and repeat the request with the same key and body.',
  },
  cursor_expired: {
    cause: 'The cursor is too old, or it belongs to the state before a restore of the server.',
    remedy: 'Start again without a cursor. Local data that is not on the server must be uploaded again.',
  },
  precondition_failed: {
    cause: '`If-Match` names a version that is no longer the current one.',
    remedy: 'Read the object, merge the change and write with the new version.',
  },
  payload_too_large: {
    cause: 'The body exceeds the limit of the operation.',
    remedy: 'Use a smaller body. Large backups are uploaded in chunks.',
  },
  uri_too_long: { cause: 'The path and query exceed the limit.', remedy: 'Move values into the body.' },
  unsupported_media_type: {
    cause: 'The operation does not accept this `Content-Type`.',
    remedy: 'Use a media type that the OpenAPI document lists for the operation.',
  },
  range_not_satisfiable: {
    cause: 'The requested range lies outside the object. `Content-Range` says its size.',
    remedy: 'Request a range within the size.',
  },
  invalid_dag: {
    cause:
      'The nodes are not a DAG that can be executed: a cycle, an unknown dependency, agent, tool or parameter, more than 100 nodes, or a template ' +
      'that refers to a node on which its node does not depend. `nodes` has their ids, `errors` the fields.',
    remedy: 'Correct the named nodes and send the request again.',
  },
  invalid_schedule: {
    cause: 'The expression, the time zone or a limit of a schedule is wrong; `errors` and `position` say where.',
    remedy: 'Correct the schedule. `POST /schedules/preview` shows its occurrences.',
  },
  unprocessable: {
    cause: 'The request is well-formed, but it cannot be carried out; `detail` names the reason.',
    remedy: 'Change the request as `detail` says.',
  },
  wrong_code: {
    cause: 'The code is not the one that was sent or shown, or it is too old.',
    remedy: 'Ask for the code again. Attempts are limited.',
  },
  content_refused: {
    cause: 'Every language model that could answer refuses to answer this message.',
    remedy: 'Rephrase the message. Repeating it unchanged leads to the same result.',
  },
  idempotency_key_reused: {
    cause: 'This `Idempotency-Key` was used with another body.',
    remedy: 'Use a new key for each distinct request.',
  },
  cancelled: {
    cause: 'The client cancelled the operation or closed the connection.',
    remedy: 'None. Start it again if it is still wanted.',
  },
  precondition_required: {
    cause: 'The operation must be conditional to avoid lost updates.',
    remedy: 'Send `If-Match` with the version that was read.',
  },
  rate_limited: {
    cause: 'Too many requests for the plan or from this address.',
    remedy: 'Wait for the seconds in `Retry-After`, then continue at the same place.',
  },
  too_many_streams: {
    cause: 'The user has as many answers and runs in progress as the plan allows at the same time.',
    remedy: 'Wait for an answer or a run to end, or cancel one, then send the request again.',
  },
  headers_too_large: { cause: 'The request headers exceed the limit.', remedy: 'Remove large headers or cookies.' },
  internal_error: {
    cause: 'An error in the server. The response contains no details; the log entry has the same `request_id`.',
    remedy: 'Repeat an idempotent request later. Report the `request_id`.',
  },
  not_configured: {
    cause: 'This installation has no provider for the feature. `detail` names the setting.',
    remedy: 'The operator sets it; see .env.example.',
  },
  upstream_failed: {
    cause: 'A service that the server depends on returned an unusable response.',
    remedy: 'Repeat the request later.',
  },
  unavailable: {
    cause: 'A required service cannot be reached, or the server is starting, stopping or overloaded.',
    remedy: 'Repeat the request after the seconds in `Retry-After`.',
  },
  upstream_timeout: {
    cause: 'A service that the server depends on did not respond in time.',
    remedy: 'Repeat the request later.',
  },
};
