import { api, endpoint } from '../lib/http.ts';
import board from './board.html';
import { showBoard } from './spec.ts';

/** Only this page's own script and calls to its own origin: a name that looks like markup stays a name. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };

export const handler = api([endpoint(showBoard, async () => ({ body: board, headers }))]);
