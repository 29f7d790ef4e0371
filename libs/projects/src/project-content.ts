import { z } from 'zod';
import type { UserCipher } from '@adiuva/auth';
import type { ProjectContent } from './project';

const ContentShape = z.object({
  title: z.string(),
  description: z.string().nullable(),
  techStack: z.array(z.string()),
  requirementsSpec: z.union([z.string(), z.record(z.string(), z.unknown())]).nullable(),
});

export function sealProject(cipher: UserCipher, id: string, content: ProjectContent): Buffer {
  return cipher.seal(`code_projects.content|${id}`, JSON.stringify(ContentShape.parse(content)));
}

export function openProject(cipher: UserCipher, id: string, sealed: Buffer): ProjectContent {
  return ContentShape.parse(JSON.parse(cipher.open(`code_projects.content|${id}`, sealed)));
}
