import { LookupRequest } from '../core/household-input.ts';
import { PersonFound } from '../core/household-view.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

export const lookup = {
  id: 'person.lookup',
  method: 'POST',
  path: '/persons/lookup',
  summary: {
    zh: '按证件号码查一个人（号码不进网址；记入查阅日志，限次数）',
    en: 'Look a person up by identity number; logged and limited, the number never in an address',
  },
  access: { office: true, auditor: true },
  body: LookupRequest,
  response: PersonFound,
  refusals: ['request-invalid', 'idempotency-key-required', 'not-found', 'too-many-lookups'],
} as const satisfies Route;

export const person: CapabilitySpec = {
  name: 'person',
  functions: [
    {
      id: 'person',
      entry: 'person/handler.ts',
      purpose: 'looks persons up by identity number',
      tables: { household: 'read', identity: 'read', access: 'write', area: 'read' },
      dataKeys: true,
      routes: [lookup],
    },
  ],
};
