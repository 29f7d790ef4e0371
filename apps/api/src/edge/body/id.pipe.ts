import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, Problem } from '@adiuva/kernel';

/** A path member that is one of our ids. Anything else cannot exist: 404. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isId(value)) throw new Problem('not_found');
    return value;
  }
}
