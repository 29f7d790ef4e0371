import { Client } from 'pg';

interface Table {
  readonly name: string;
}

/** Prints what the server's database holds of a user, and looks for a note's text in every column of every table. */
export async function showDatabase(url: string, userId: string, secret: string): Promise<void> {
  const database = new Client({ connectionString: url });
  await database.connect();
  try {
    await showRows(database, userId);
    await seek(database, secret);
  } finally {
    await database.end();
  }
}

async function showRows(database: Client, userId: string): Promise<void> {
  const statements = [
    `SELECT 'record' AS what, table_name AS place, version, encode(checksum, 'hex') AS bytes FROM records WHERE user_id = $1 LIMIT 2`,
    `SELECT 'vector' AS what, collection AS place, version, encode(blob, 'hex') AS bytes FROM vector_items WHERE user_id = $1 LIMIT 2`,
    `SELECT 'keyring' AS what, '' AS place, version, encode(keyring, 'hex') AS bytes FROM keyrings WHERE user_id = $1`,
  ];
  console.log('\nThe server’s database:');
  for (const sql of statements) {
    const { rows } = await database.query<{ what: string; place: string; version: number; bytes: string }>(sql, [
      userId,
    ]);
    for (const { what, place, version, bytes } of rows) {
      console.log(`  ${what.padEnd(8)} ${place.padEnd(6)} v${version}  ${bytes.slice(0, 72)}…`);
    }
  }
}

async function seek(database: Client, secret: string): Promise<void> {
  const { rows: tables } = await database.query<Table>(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const forms = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')];
  let hits = 0;
  for (const { name } of tables) {
    for (const form of forms) {
      const { rowCount } = await database.query(`SELECT 1 FROM ${name} AS t WHERE position($1 in t::text) > 0`, [form]);
      hits += rowCount ?? 0;
    }
  }
  console.log(
    `  "${secret.slice(0, 40)}…" looked for in ${tables.length} tables, plain, hex and base64: found ${hits} times`,
  );
}
