import { createHash } from 'node:crypto';
import { listen } from '../../infra/local/listen.ts';

export interface Post {
  readonly url: string;
  /** Bodies of the messages that were sent, oldest first. */
  readonly sent: string[];
  close(): Promise<void>;
}

/** A queue that only takes messages, spoken to by the real client; a test works them off as it likes. */
export async function freshPost(): Promise<Post> {
  const sent: string[] = [];
  const server = await listen(0, (text) => {
    throw new Error(text);
  });
  server.serve(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const entries: { Id: string; MessageBody: string }[] = JSON.parse(text).Entries;
    sent.push(...entries.map((entry) => entry.MessageBody));
    const Successful = entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    }));
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ Successful, Failed: [] }));
  });
  return { url: server.url, sent, close: () => server.close() };
}
