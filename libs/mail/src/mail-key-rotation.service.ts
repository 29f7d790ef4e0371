import { Injectable } from '@nestjs/common';
import { Database, ServerKeys } from '@adiuva/platform';

/** Moves mails that are not delivered yet from MASTER_KEY_PREVIOUS to MASTER_KEY. */
@Injectable()
export class MailKeyRotation {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
  ) {}

  async run(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const rows = await tx.query<{ id: string; content: Buffer }[]>('SELECT id, content FROM mails FOR UPDATE');
      for (const { id, content } of rows) {
        const sealed = this.keys.reseal('mail', content, id);
        if (sealed) await tx.query('UPDATE mails SET content = $2 WHERE id = $1', [id, sealed]);
      }
    });
  }
}
