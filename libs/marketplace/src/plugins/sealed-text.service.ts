import { Injectable } from '@nestjs/common';
import { ServerKeys } from '@adiuva/platform';

/** Seals what reviewers write to authors and users write about plugins, each bound to its row. */
@Injectable()
export class SealedTexts {
  constructor(private readonly ring: ServerKeys) {}

  seal(row: string, text: string): Buffer {
    return this.ring.seal('review-notes', Buffer.from(text, 'utf8'), row);
  }

  open(row: string, sealed: Buffer): string {
    return this.ring.open('review-notes', sealed, row).toString('utf8');
  }
}
