/**
 * Makes the leases of chats an hour longer: a chat runs until it has ended, however long the machine stands still. A node says every few seconds
 * that it is alive, for 6 s.
 */
export const LONG_LEASES = `
  CREATE FUNCTION long_lease() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.alive_until := NEW.alive_until + interval '1 hour'; RETURN NEW; END $$;
  CREATE TRIGGER long_lease BEFORE INSERT OR UPDATE OF alive_until ON chat_streams FOR EACH ROW WHEN (NEW.alive_until > now())
    EXECUTE FUNCTION long_lease()`;

export const USUAL_LEASES = 'DROP TRIGGER long_lease ON chat_streams';
