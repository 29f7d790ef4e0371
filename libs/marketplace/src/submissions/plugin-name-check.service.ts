import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import type { Finding } from '../plugins/finding';
import { skeleton } from '../plugins/confusables';
import { checkName } from '../plugins/name-rules';

/** Whether a name can be confused with a published plugin of another author. */
@Injectable()
export class PluginNameCheck {
  constructor(private readonly database: Database) {}

  /** `authorId` is null for an erased author. */
  async check(authorId: string | null, name: string): Promise<readonly Finding[]> {
    const others = await this.database.query<{ name: string }>(
      `SELECT p.name FROM plugins p JOIN plugin_developers d ON d.id = p.developer_id
       WHERE p.skeleton = $1 AND p.state = 'listed' AND d.user_id IS DISTINCT FROM $2`,
      [skeleton(name), authorId],
    );
    return checkName(
      name,
      others.map((other) => other.name),
    );
  }
}
