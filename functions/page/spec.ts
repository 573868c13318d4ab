import * as z from 'zod';
import type { CapabilitySpec, Route } from '../core/spec.ts';

export const showBoard = {
  id: 'page.board',
  method: 'GET',
  path: '/',
  summary: {
    zh: '看板页面（只读，数据取自接口）',
    en: 'The board as a plain read-only page, drawn from the API',
  },
  access: 'open',
  response: z.string(),
  refusals: [],
} satisfies Route;

export const page: CapabilitySpec = {
  name: 'page',
  functions: [
    {
      id: 'page',
      entry: 'page/handler.ts',
      purpose: 'serves the read-only board page',
      routes: [showBoard],
    },
  ],
};
