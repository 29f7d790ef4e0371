import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalidField } from '@adiuva/kernel';

const NUMBER = /^(?:0|[1-9]\d{0,5})$/;

/** The number of a chunk in a path; whether the upload has so many is the upload's to say. */
@Injectable()
export class ChunkNumberPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (NUMBER.test(value)) return Number(value);
    throw invalidField('n', 'must be the number of a chunk');
  }
}
