import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { LocalError, messageOf, systemCode } from './fault.ts';

export type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server on this machine's own address that listens before it knows what to answer. */
export interface Listener {
  url: string;
  port: number;
  serve(respond: Respond): void;
  close(): Promise<void>;
}

/**
 * @param port 0: any free one
 * @throws LocalError PORT_TAKEN
 */
export async function listen(port: number, onFault: (text: string) => void): Promise<Listener> {
  let respond: Respond | undefined;
  const server = createServer((request, response) => {
    if (respond === undefined) {
      response.writeHead(503).end();
      return;
    }
    respond(request, response).catch((fault: unknown) => {
      onFault(`${request.method} failed: ${messageOf(fault)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await bind(server, port);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    serve: (next) => {
      respond = next;
    },
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bind(server: Server, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(port, '127.0.0.1', done);
  }).catch((fault: unknown) => {
    if (systemCode(fault) !== 'EADDRINUSE') throw fault;
    throw new LocalError(
      'PORT_TAKEN',
      `Port ${port} is taken by another program: stop it, or choose another with --port.`,
    );
  });
}
