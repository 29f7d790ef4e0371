import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import type { Dag, DagParams, DagSource } from './dag';
import { DagPlanner } from './dag-planner.service';
import { DAG_PLAYBOOKS, type DagPlaybook } from './dag-playbooks';
import { Dags } from './dags.service';

/** Makes DAGs of nodes, of words, or of a playbook. */
@Injectable()
export class DagCreation {
  constructor(
    private readonly dags: Dags,
    private readonly planner: DagPlanner,
  ) {}

  /** Throws `invalid_dag`, `upgrade_required` for nodes of the user's own without `batch_builder`, `not_found` for an unknown playbook. */
  async create(owner: Principal, source: DagSource, signal: AbortSignal): Promise<Dag> {
    switch (source.kind) {
      case 'nodes':
        return this.dags.build(owner, source.content);
      case 'text':
        return this.dags.create(owner, await this.planner.plan(owner, source.text, source.params, signal));
      case 'playbook':
        return this.dags.create(owner, filledIn(playbookOf(source.playbook), source.params));
    }
  }
}

function playbookOf(id: string): DagPlaybook {
  const playbook = DAG_PLAYBOOKS.find((candidate) => candidate.id === id);
  if (!playbook) throw new Problem('not_found', { detail: 'There is no such playbook' });
  return playbook;
}

function filledIn({ title, nodes, params, required }: DagPlaybook, given: DagParams) {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(params, name));
  const missing = required.filter((name) => typeof given[name] !== 'string' || given[name].trim() === '');
  const errors = [
    ...unknown.map((name) => ({ field: `params.${name}`, message: 'the playbook has no such parameter' })),
    ...missing.map((name) => ({ field: `params.${name}`, message: 'must be a text' })),
  ];
  if (errors.length > 0) throw new Problem('validation_failed', { errors });
  return { title, nodes, params: { ...params, ...given } };
}
