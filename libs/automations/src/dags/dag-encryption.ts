import { z } from 'zod';
import type { UserCipher } from '@adiuva/auth';
import { DagNodeShape, type Dag, type DagContent } from './dag';
import type { DagRow } from './dag.entity';

const NodesShape = z.array(DagNodeShape);
const ParamsShape = z.record(z.string(), z.unknown());

export function sealDag(cipher: UserCipher, id: string, { title, nodes, params }: DagContent): Buffer[] {
  return [
    cipher.seal(`dags.title|${id}`, title),
    cipher.seal(`dags.nodes|${id}`, JSON.stringify(nodes)),
    cipher.seal(`dags.params|${id}`, JSON.stringify(params)),
  ];
}

export function openDag(cipher: UserCipher, row: DagRow): Dag {
  return {
    id: row.id,
    title: cipher.open(`dags.title|${row.id}`, row.title),
    status: row.status,
    nodes: NodesShape.parse(JSON.parse(cipher.open(`dags.nodes|${row.id}`, row.nodes))),
    params: ParamsShape.parse(JSON.parse(cipher.open(`dags.params|${row.id}`, row.params))),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
