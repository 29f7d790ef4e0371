import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import { Database, isDuplicate } from '@adiuva/platform';
import { lockLiveUser } from './live-user.store';
import { UserEncryption } from './user-encryption.service';

export interface NewDevice {
  readonly name: string;
  readonly publicKey: Buffer;
  /** The account's identity vouching for the key; clients check it, the server does not. */
  readonly signature: Buffer | null;
}

export interface Device extends NewDevice {
  readonly id: string;
  readonly createdAt: Date;
}

interface Fields {
  readonly id: string;
  readonly name: Buffer;
  readonly public_key: Buffer;
  readonly signature: Buffer | null;
  readonly created_at: Date;
}

const MAX_DEVICES = 50;

/** Devices that results can be sealed to. */
@Injectable()
export class Devices {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly audit: Audit,
  ) {}

  /** Oldest first. */
  async list(owner: Principal): Promise<Device[]> {
    const rows = await this.database.query<Fields>(
      'SELECT id, name, public_key, signature, created_at FROM devices WHERE user_id = $1 ORDER BY id',
      [owner.userId],
    );
    const cipher = await this.encryption.open(owner.userId);
    return rows.map((row) => ({
      id: row.id,
      name: cipher.open(`devices.name|${row.id}`, row.name),
      publicKey: row.public_key,
      signature: row.signature,
      createdAt: row.created_at,
    }));
  }

  /** @throws `conflict` for a key that is registered, `unprocessable` beyond 50 devices */
  async register(owner: Principal, device: NewDevice): Promise<Device> {
    const id = newId();
    try {
      return await this.database.transaction(async (tx) => {
        await lockLiveUser(tx, owner.userId, 'UPDATE');
        const cipher = await this.encryption.openIn(tx, owner.userId);
        const [row] = await tx.query<{ created_at: Date }[]>(
          `INSERT INTO devices (id, user_id, name, public_key, signature)
           SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM devices WHERE user_id = $2) < $6 RETURNING created_at`,
          [
            id,
            owner.userId,
            cipher.seal(`devices.name|${id}`, device.name),
            device.publicKey,
            device.signature,
            MAX_DEVICES,
          ],
        );
        if (!row) throw new Problem('unprocessable', { detail: `A user has at most ${MAX_DEVICES} devices` });
        await this.audit.recordOwn(tx, owner.userId, 'device.added', { device_id: id });
        return { ...device, id, createdAt: row.created_at };
      });
    } catch (error) {
      throw isDuplicate(error, 'devices_public_key')
        ? new Problem('conflict', { detail: 'This key is registered' })
        : error;
    }
  }

  /** @throws `not_found` */
  async revoke(owner: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const rows = await tx.query<unknown[]>(
        'WITH gone AS (DELETE FROM devices WHERE user_id = $1 AND id = $2 RETURNING 1) SELECT 1 FROM gone',
        [owner.userId, id],
      );
      if (rows.length === 0) throw new Problem('not_found');
      await this.audit.recordOwn(tx, owner.userId, 'device.deleted', { device_id: id });
    });
  }
}
