import { registerDecorator } from 'class-validator';
import type { z } from 'zod';

/** A class-validator rule that holds a member against a zod shape, for JSON that other parts of the code parse with zod. */
export function MatchesShape(shape: z.ZodType): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'matchesShape',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => shape.safeParse(value).success,
        defaultMessage: (args) => {
          const issue = shape.safeParse(args?.value).error?.issues[0];
          if (!issue) return 'is not as it should be';
          if (issue.path.length === 0) return issue.code === 'invalid_type' ? 'must be an object' : issue.message;
          return `${[String(property), ...issue.path.map(String)].join('.')}: ${issue.message}`;
        },
      },
    });
  };
}
