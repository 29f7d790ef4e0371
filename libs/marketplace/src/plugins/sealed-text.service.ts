import { Injectable } from '@nestjs/common';
import { ServerKeys } from '@adiuva/platform';

/** Seals reviewers' notes and users' ratings, each bound to its row. */
@Injectable()
export class SealedTexts {
  constructor(private readonly keys: ServerKeys) {}

  seal(row: string, text: string): Buffer {
    return this.keys.seal('review-notes', Buffer.from(text, 'utf8'), row);
  }

  open(row: string, sealed: Buffer): string {
    return this.keys.open('review-notes', sealed, row).toString('utf8');
  }
}
