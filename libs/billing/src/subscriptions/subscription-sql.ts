/**
 * Applies an event once. $1 event, $2 its type, $3 subscription, $4 customer, $5 user, $6 empty state. No row comes back for an event that
 * was applied before; two concurrent deliveries wait for each other here. It locks customer and subscription, in this order, and returns
 * them as they are after earlier lock holders. A user counts only while the account is not being erased.
 */
export const INSERT_EVENT = `
  WITH fresh AS (
    INSERT INTO stripe_events (id, type) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id
  ), owner AS (
    SELECT id FROM users WHERE id = $5::uuid AND erased_at IS NULL
  ), customer AS (
    INSERT INTO stripe_customers AS known (id, user_id)
    SELECT $4::text, (SELECT id FROM owner) FROM fresh WHERE $4::text IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET user_id = COALESCE(known.user_id, excluded.user_id)
    RETURNING user_id
  ), subscription AS (
    INSERT INTO subscriptions AS known (id, user_id, customer, claims, view)
    SELECT $3::text, COALESCE((SELECT id FROM owner), customer.user_id), $4::text, $6::jsonb, '{}'
    FROM fresh LEFT JOIN customer ON true WHERE $3::text IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET
      user_id = COALESCE(known.user_id, excluded.user_id),
      customer = COALESCE(known.customer, excluded.customer)
    RETURNING claims, user_id, version
  )
  SELECT COALESCE(subscription.user_id, (SELECT id FROM owner), customer.user_id) AS user_id, subscription.claims, subscription.version
  FROM fresh LEFT JOIN customer ON true LEFT JOIN subscription ON true`;

/**
 * $1 subscription or null, $2 state, $3 view, $4 ended, $5 user or null, $6 customer or null. Also gives the customer's unowned subscriptions
 * to the user, and locks the entitlement, so that two subscriptions of one user cannot overtake each other.
 */
export const WRITE = `
  WITH written AS (
    UPDATE subscriptions SET claims = $2::jsonb, view = $3::jsonb, ended = $4, user_id = COALESCE(user_id, $5::uuid),
      version = version + 1, updated_at = now()
    WHERE id = $1::text
  ), adopted AS (
    UPDATE subscriptions SET user_id = $5::uuid
    WHERE customer = $6::text AND user_id IS NULL AND $5::uuid IS NOT NULL AND id IS DISTINCT FROM $1::text RETURNING id
  )
  INSERT INTO entitlements (user_id, tier) SELECT $5::uuid, 'free' WHERE $5::uuid IS NOT NULL
  ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
  RETURNING tier, seats, (SELECT count(*)::int FROM adopted) AS adopted`;

/** $1 user; locks the entitlement. */
export const LOCK_ENTITLEMENT = `
  INSERT INTO entitlements (user_id, tier) SELECT id, 'free' FROM users WHERE id = $1 AND erased_at IS NULL
  ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
  RETURNING tier, seats`;

/** $1 user. Views of the subscriptions that have not ended. */
export const SELECT_LIVE_VIEWS = `
  SELECT id, view, extract(epoch FROM clock_timestamp())::float8 AS now FROM subscriptions WHERE user_id = $1 AND NOT ended AND view ? 'status'`;

/** $1 subscription, $2 customer, $3 user, $4 empty state: locks a subscription, inserting it where it is new. */
export const LOCK_SUBSCRIPTION = `
  INSERT INTO subscriptions AS known (id, user_id, customer, claims, view)
  VALUES ($1, (SELECT id FROM users WHERE id = $3::uuid AND erased_at IS NULL), $2, $4::jsonb, '{}')
  ON CONFLICT (id) DO UPDATE SET
    user_id = COALESCE(known.user_id, excluded.user_id),
    customer = COALESCE(known.customer, excluded.customer)
  RETURNING claims, user_id, customer, version`;
