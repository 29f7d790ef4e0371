import { Matches } from 'class-validator';

/** For what a user wants in words. */
export const HasLetter = (): PropertyDecorator => Matches(/\p{L}/u, { message: 'must have a letter' });
