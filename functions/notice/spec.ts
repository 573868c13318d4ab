import * as z from 'zod';
import type { Access } from '../core/access.ts';
import { NoticeView } from '../core/notice.ts';
import { NoticePath, NoticeQuery, NoticeSheets } from '../core/notice-case.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

const readers: Access = { office: true, auditor: true };

const posted = ['not-found', 'request-invalid', 'notice-not-posted', 'notice-no-words'] as const;
const hanging = ['not-found', 'request-invalid', 'notice-too-many', 'notice-no-words'] as const;

export const one = {
  id: 'notice.read',
  method: 'GET',
  path: '/cases/{id}/notices/{step}',
  summary: {
    zh: '一件事项的公示或公告全文，不含证件号码、电话、账号、健康状况',
    en: 'What a case has posted under the name of a step, word for word; no numbers, no health',
  },
  access: readers,
  params: NoticePath,
  response: NoticeView,
  refusals: posted,
} as const satisfies Route;

export const onePaper = {
  id: 'notice.page',
  method: 'GET',
  path: '/cases/{id}/notices/{step}/page',
  summary: { zh: '一件事项公示或公告的 A4 打印页', en: 'The same as an A4 page (HTML) to print' },
  access: readers,
  params: NoticePath,
  response: z.string(),
  refusals: posted,
} as const satisfies Route;

export const all = {
  id: 'notice.list',
  method: 'GET',
  path: '/notices',
  summary: {
    zh: '一村或一乡镇今日张贴中的某类公示、公告（期限相同的各户合为一张）',
    en: 'What hangs today in a village or town of a kind and step: one sheet for all of one period',
  },
  access: readers,
  query: NoticeQuery,
  response: NoticeSheets,
  refusals: hanging,
  area: 'area',
} as const satisfies Route;

export const allPapers = {
  id: 'notice.list-page',
  method: 'GET',
  path: '/notices/page',
  summary: {
    zh: '一村或一乡镇今日张贴中的公示、公告的 A4 打印页',
    en: 'The same as A4 pages (HTML) to print',
  },
  access: readers,
  query: NoticeQuery,
  response: z.string(),
  refusals: [...hanging, 'notice-not-posted'],
  area: 'area',
} as const satisfies Route;

export const notice: CapabilitySpec = {
  name: 'notice',
  functions: [
    {
      id: 'notice',
      entry: 'notice/handler.ts',
      purpose:
        'words notices and announcements, of one case or of all that hang in a village or town',
      tables: { case: 'read', household: 'read', area: 'read', list: 'read', summary: 'read' },
      routes: [one, onePaper, all, allPapers],
    },
  ],
};
