import { Injectable } from '@nestjs/common';
import { ExportBuilder } from './export-builder.service';

/** Deletes the archives of a user; their rows go with the account. */
@Injectable()
export class ExportsErasure {
  constructor(private readonly builder: ExportBuilder) {}

  erase(userId: string): Promise<void> {
    return this.builder.deleteObjects(`exports/${userId}/`);
  }
}
