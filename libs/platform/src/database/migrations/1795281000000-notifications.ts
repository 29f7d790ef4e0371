import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notifications1795281000000 implements MigrationInterface {
  readonly name = 'Notifications1795281000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE notification_replies; DROP TABLE notification_steps; DROP TABLE notifications; DROP TABLE notification_preferences;
      DROP TABLE notification_channels;
    `);
  }
}

const TABLES = `
  CREATE TABLE notification_channels (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    address bytea NOT NULL,
    address_hash bytea NOT NULL,
    label bytea,
    include_content boolean NOT NULL DEFAULT false,
    code_hash bytea,
    code_expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_channels_pk PRIMARY KEY (id),
    CONSTRAINT notification_channels_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  );
  CREATE UNIQUE INDEX notification_channels_address ON notification_channels (user_id, kind, address_hash);
  CREATE INDEX notification_channels_hash ON notification_channels (address_hash);
  CREATE TABLE notification_preferences (
    user_id uuid NOT NULL,
    timezone text NOT NULL,
    quiet_from integer,
    quiet_to integer,
    quiet_days integer[] NOT NULL DEFAULT '{}',
    policy jsonb NOT NULL,
    digest text NOT NULL,
    language text NOT NULL,
    CONSTRAINT notification_preferences_pk PRIMARY KEY (user_id),
    CONSTRAINT notification_preferences_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  );
  CREATE TABLE notifications (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    status text NOT NULL,
    urgency text NOT NULL,
    source text NOT NULL,
    escalate boolean NOT NULL,
    policy jsonb,
    title bytea,
    body bytea,
    dedupe_hash bytea,
    deliver_at timestamptz NOT NULL,
    expires_at timestamptz,
    digest boolean NOT NULL DEFAULT false,
    round integer NOT NULL DEFAULT 0,
    acknowledged_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notifications_pk PRIMARY KEY (id),
    CONSTRAINT notifications_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  );
  CREATE INDEX notifications_user ON notifications (user_id, id);
  CREATE INDEX notifications_dedupe ON notifications (user_id, dedupe_hash) WHERE dedupe_hash IS NOT NULL;
  CREATE INDEX notifications_due ON notifications (deliver_at) WHERE status IN ('scheduled', 'snoozed');
  CREATE INDEX notifications_expiry ON notifications (expires_at) WHERE status IN ('scheduled', 'escalating', 'snoozed');
  CREATE INDEX notifications_digest ON notifications (user_id) WHERE digest AND status = 'scheduled';
  CREATE TABLE notification_steps (
    notification_id uuid NOT NULL,
    position integer NOT NULL,
    round integer NOT NULL,
    user_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    claim uuid,
    first_claimed_at timestamptz,
    lease_until timestamptz,
    provider_id text,
    receipt_rank integer NOT NULL DEFAULT 0,
    answer text,
    error_code text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_steps_pk PRIMARY KEY (notification_id, position),
    CONSTRAINT notification_steps_notification FOREIGN KEY (notification_id) REFERENCES notifications (id) ON DELETE CASCADE
  );
  CREATE INDEX notification_steps_provider ON notification_steps (provider_id) WHERE provider_id IS NOT NULL;
  CREATE INDEX notification_steps_lease ON notification_steps (lease_until) WHERE status = 'sending';
  CREATE INDEX notification_steps_due ON notification_steps (due_at) WHERE status IN ('waiting', 'unknown');
  CREATE INDEX notification_steps_channel ON notification_steps (channel_id, updated_at);
  CREATE TABLE notification_replies (
    provider_id text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT notification_replies_pk PRIMARY KEY (provider_id),
    CONSTRAINT notification_replies_owner FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  );
  CREATE INDEX notification_replies_user ON notification_replies (user_id);
`;
