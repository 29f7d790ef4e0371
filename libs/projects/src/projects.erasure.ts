import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes projects with their files; their jobs are runs, which go with the runs. */
@Injectable()
export class ProjectsErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM code_projects WHERE user_id = $1', [userId]);
  }
}
