import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';

/** Base64 of UTF-8 text of at most `length` UTF-16 units, with IV and tag. */
const ciphertextMax = (length: number): number => Math.ceil((length * 3 + 29) / 3) * 4;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A text, or `{ciphertext}` where a device has custody. */
export function TextOrCiphertext(maxLength: number, options: { readonly optional?: boolean } = {}): PropertyDecorator {
  const maximum = ciphertextMax(maxLength);
  const schema: ApiPropertyOptions = {
    oneOf: [
      { type: 'string', minLength: 1, maxLength },
      {
        type: 'object',
        required: ['ciphertext'],
        additionalProperties: false,
        properties: { ciphertext: { type: 'string', format: 'byte', maxLength: maximum } },
      },
    ],
    description: 'Encrypted by a device where `custody` is `device`; see docs/runs.md',
  };
  const isValid = ValidateBy({
    name: 'textOrCiphertext',
    validator: {
      validate: (value: unknown) => isText(value, maxLength) || isCiphertext(value, maximum),
      defaultMessage: () => `must be a text of 1 to ${maxLength} characters, or {ciphertext} in base64`,
    },
  });
  return options.optional
    ? applyDecorators(ApiPropertyOptional(schema), IsOptional(), isValid)
    : applyDecorators(ApiProperty(schema), isValid);
}

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength;
}

function isCiphertext(value: unknown, maximum: number): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return false;
  return (
    'ciphertext' in value &&
    typeof value.ciphertext === 'string' &&
    value.ciphertext.length <= maximum &&
    BASE64.test(value.ciphertext)
  );
}
