import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalidField } from '@adiuva/kernel';
import { COLLECTION_NAME } from '@adiuva/vectors';

/** A path member that is the name of a collection. @throws Problem `validation_failed` */
@Injectable()
export class CollectionNamePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (COLLECTION_NAME.test(value)) return value;
    throw invalidField('name', `name must match ${COLLECTION_NAME.source}`);
  }
}
