import { Injectable } from '@nestjs/common';
import { KeyRing } from '@adiuva/platform';

/** Seals what reviewers write to authors and users write about plugins, each bound to its row. */
@Injectable()
export class ReviewNotes {
  constructor(private readonly ring: KeyRing) {}

  seal(row: string, text: string): Buffer {
    return this.ring.seal('review-notes', Buffer.from(text, 'utf8'), row);
  }

  open(row: string, sealed: Buffer): string {
    return this.ring.open('review-notes', sealed, row).toString('utf8');
  }
}
