import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Totals of the catalogue's lists, kept by the database, because counting grows with the catalogue and a counter does not. */
export class PluginCounts1795240901000 implements MigrationInterface {
  readonly name = 'PluginCounts1795240901000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE plugin_counts (
        category text NOT NULL CONSTRAINT plugin_counts_pk PRIMARY KEY,
        listed integer NOT NULL
      );

      CREATE FUNCTION plugin_count(counted text, change integer) RETURNS void LANGUAGE sql AS $$
        INSERT INTO plugin_counts AS c (category, listed) VALUES (counted, change)
        ON CONFLICT (category) DO UPDATE SET listed = c.listed + change
      $$;

      -- The empty category stands for all; its row comes first everywhere, so that writers stand in a line.
      CREATE FUNCTION plugin_counting() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        was text := CASE WHEN TG_OP <> 'INSERT' AND OLD.state = 'listed' THEN lower(OLD.category) END;
        becomes text := CASE WHEN TG_OP <> 'DELETE' AND NEW.state = 'listed' THEN lower(NEW.category) END;
      BEGIN
        IF was IS NOT DISTINCT FROM becomes THEN RETURN NULL; END IF;
        PERFORM plugin_count('', (becomes IS NOT NULL)::int - (was IS NOT NULL)::int);
        IF was IS NOT NULL THEN PERFORM plugin_count(was, -1); END IF;
        IF becomes IS NOT NULL THEN PERFORM plugin_count(becomes, 1); END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER plugin_counting AFTER INSERT OR DELETE OR UPDATE OF state, category ON plugins
        FOR EACH ROW EXECUTE FUNCTION plugin_counting();

      INSERT INTO plugin_counts SELECT lower(category), count(*) FROM plugins WHERE state = 'listed' GROUP BY 1
        UNION ALL SELECT '', count(*) FROM plugins WHERE state = 'listed';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER plugin_counting ON plugins;
      DROP FUNCTION plugin_counting();
      DROP FUNCTION plugin_count(text, integer);
      DROP TABLE plugin_counts;
    `);
  }
}
