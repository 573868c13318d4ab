import type { Access } from '../core/access.ts';
import * as input from '../core/pairing-input.ts';
import * as view from '../core/pairing-view.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

/** Which kinds a town keeps stands in the rule of pairings. */
const keepers: Access = { office: ['county', 'town'] };

const post = [
  'not-found',
  'request-invalid',
  'idempotency-key-required',
  'idempotency-key-reused',
  'helper-above-right',
  'record-too-large',
  'busy',
] as const;
const change = [...post, 'if-match-required', 'version-stale'] as const;
const days = ['date-future', 'date-order'] as const;
const stated = [
  'phone-invalid',
  'credit-code-invalid',
  'value-missing',
  'area-unknown',
  'area-closed',
] as const;
const household = ['household-closed', 'household-too-large'] as const;

export const register = {
  id: 'helper.register',
  method: 'POST',
  path: '/helpers',
  summary: {
    zh: '登记帮扶力量：领导、单位、企业、强村、商会、侨团、驻村队、责任人',
    en: 'Enter a helper of any kind: cadre, department, enterprise, strong village, association, group, team, responsible helper',
  },
  access: keepers,
  body: input.NewHelper,
  response: view.HelperChanged,
  status: 201,
  refusals: [...post, ...stated],
} as const satisfies Route;

export const patch = {
  id: 'helper.change',
  method: 'PATCH',
  path: '/helpers/{id}',
  summary: {
    zh: '变更帮扶力量的信息、联系方式或登录账号',
    en: 'Change what is known of a helper, the phone or the subject of its token',
  },
  access: keepers,
  params: input.HelperPath,
  body: input.HelperChanges,
  response: view.HelperChanged,
  ifMatch: true,
  refusals: [...change, ...household, ...stated, 'helper-ended', 'helper-many-households'],
} as const satisfies Route;

export const end = {
  id: 'helper.end',
  method: 'POST',
  path: '/helpers/{id}/end',
  summary: {
    zh: '停用帮扶力量（结对须先移交或结束）',
    en: 'End a helper that is paired with nobody',
  },
  access: keepers,
  params: input.HelperPath,
  body: input.Ending,
  response: view.HelperChanged,
  ifMatch: true,
  refusals: [...change, 'date-future', 'helper-ended', 'helper-still-paired'],
} as const satisfies Route;

export const disclose = {
  id: 'helper.disclose',
  method: 'POST',
  path: '/helpers/{id}/contact-disclosures',
  summary: {
    zh: '写明理由后查看完整电话（记入查阅日志）',
    en: 'See the full phone for a reason; the access log says so',
  },
  access: { office: ['county', 'town', 'village'] },
  params: input.HelperPath,
  body: input.Disclosure,
  response: view.FullContact,
  refusals: ['not-found', 'request-invalid', 'idempotency-key-required'],
} as const satisfies Route;

export const pair = {
  id: 'pairing.begin',
  method: 'POST',
  path: '/helpers/{id}/pairings',
  summary: {
    zh: '与一户或一村结对（起始日期、职责、承诺）',
    en: 'Pair a helper with a household or a village: from, duty, promise',
  },
  access: keepers,
  params: input.HelperPath,
  body: input.NewPairing,
  response: view.PairingChanged,
  status: 201,
  refusals: [
    ...post,
    ...household,
    'area-unknown',
    'area-not-village',
    'area-closed',
    'date-future',
    'helper-ended',
    'pairing-kind',
    'pairing-over-limit',
    'pairing-self',
    'pairing-twice',
  ],
} as const satisfies Route;

export const agree = {
  id: 'pairing.change',
  method: 'PATCH',
  path: '/helpers/{id}/pairings/{pairingId}',
  summary: { zh: '变更职责或承诺', en: 'Change the duty or the promise of a pairing' },
  access: keepers,
  params: input.PairingPath,
  body: input.PairingChanges,
  response: view.PairingChanged,
  ifMatch: true,
  refusals: [...change, 'pairing-ended'],
} as const satisfies Route;

export const bring = {
  id: 'pairing.deliver',
  method: 'POST',
  path: '/helpers/{id}/pairings/{pairingId}/deliveries',
  summary: {
    zh: '登记到位：资金（分）、项目、就业、物资',
    en: 'Note what came: money (fen), projects, jobs, goods',
  },
  access: keepers,
  params: input.PairingPath,
  body: input.NewDelivery,
  response: view.PairingChanged,
  status: 201,
  ifMatch: true,
  refusals: [...change, ...days, 'delivery-empty'],
} as const satisfies Route;

export const takeBack = {
  id: 'pairing.take-back',
  method: 'POST',
  path: '/helpers/{id}/pairings/{pairingId}/deliveries/{deliveryId}/correction',
  summary: {
    zh: '冲销一笔登记有误的到位记录',
    en: 'Take a delivery back by a contrary entry, with the reason',
  },
  access: keepers,
  params: input.DeliveryPath,
  body: input.Correction,
  response: view.PairingChanged,
  status: 201,
  ifMatch: true,
  refusals: [...change, 'delivery-unknown', 'delivery-corrected'],
} as const satisfies Route;

export const unpair = {
  id: 'pairing.end',
  method: 'POST',
  path: '/helpers/{id}/pairings/{pairingId}/end',
  summary: { zh: '结束结对', en: 'End a pairing, with the day and the reason' },
  access: keepers,
  params: input.PairingPath,
  body: input.Ending,
  response: view.PairingChanged,
  ifMatch: true,
  refusals: [...change, ...days, ...household, 'pairing-ended'],
} as const satisfies Route;

export const handover = {
  id: 'helper.hand-over',
  method: 'POST',
  path: '/helpers/{id}/handover',
  summary: {
    zh: '把全部（或所选）结对移交他人（逐户逐村给出结果；同一 Idempotency-Key 可续办）',
    en: 'Hand a caseload, or a part of it, over to another helper, with a result for each; the same key goes on where it stopped',
  },
  access: keepers,
  params: input.HelperPath,
  body: input.Handover,
  response: view.HandoverResult,
  refusals: [
    ...post,
    'date-future',
    'handover-none',
    'handover-same',
    'handover-too-many',
    'helper-ended',
    'pairing-kind',
    'pairing-over-limit',
  ],
} as const satisfies Route;

/** What pairings are written with. */
const written = {
  pairing: 'write',
  household: 'write',
  identity: 'write',
  access: 'write',
  area: 'read',
} as const;

const api: FunctionSpec = {
  id: 'pairing',
  entry: 'pairing/handler.ts',
  purpose: 'enters helpers, pairs them with households and villages, and notes what came of it',
  tables: written,
  dataKeys: true,
  routes: [register, patch, end, disclose, pair, agree, bring, takeBack, unpair],
};

/** Hundreds of files are read, opened and written while somebody waits: a whole processor is worth it. */
const many: FunctionSpec = {
  id: 'pairing-handover',
  entry: 'pairing/handover.ts',
  purpose: 'hands the caseload of one helper over to another',
  memoryMb: 1769,
  timeoutSeconds: 30,
  tables: written,
  dataKeys: true,
  routes: [handover],
};

export const pairing: CapabilitySpec = {
  name: 'pairing',
  tables: [
    {
      name: 'pairing',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'a helper with its pairings: pk = H#<helper>; 0 helper, 1#<pairing> pairings, 2#<pairing>#<day>#<delivery> deliveries',
        'what happened to it, newest first: pk = H#<helper>, sk = 3#<999999999 - version>',
        'who helps a household or village: pk = S#<household or village>, sk = <pairing>',
        'the helpers a county, city or province keeps: pk = C#<county>, sk = <kind>#<helper>; their pairings: sk = pairing#<pairing>',
      ],
    },
  ],
  functions: [api, many],
};
