import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Readonly<Record<string, AttributeValue>>;

function nameOf(table: string, { pk, sk }: Item): string {
  return `${table} ${pk?.S} ${sk?.S}`;
}

/** Remembers what a client said, keeping promises so that those who ask at once share one answer. */
class Memory {
  readonly #client: DynamoDBClient;
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #items = new Map<string, Promise<Item | undefined>>();

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  send(command: unknown): Promise<unknown> {
    if (command instanceof QueryCommand)
      return this.#once(`query ${JSON.stringify(command.input)}`, () => this.#client.send(command));
    if (command instanceof GetItemCommand)
      return this.#once(`get ${JSON.stringify(command.input)}`, () => this.#client.send(command));
    if (command instanceof BatchGetItemCommand) return this.#batch(command);
    throw new Error('only what reads may be asked of a client that remembers');
  }

  #once(name: string, ask: () => Promise<unknown>): Promise<unknown> {
    const answer = this.#answers.get(name) ?? ask();
    this.#answers.set(name, answer);
    return answer;
  }

  async #batch({ input }: BatchGetItemCommand): Promise<unknown> {
    const [[table, request] = ['', { Keys: [] }]] = Object.entries(input.RequestItems ?? {});
    const keys = request.Keys ?? [];
    this.#ask(table, {
      ...request,
      Keys: keys.filter((key) => !this.#items.has(nameOf(table, key))),
    });
    const found = await Promise.all(keys.map((key) => this.#items.get(nameOf(table, key))));
    return { Responses: { [table]: found.filter((item) => item !== undefined) } };
  }

  #ask(table: string, request: { readonly Keys: Item[] }): void {
    if (request.Keys.length === 0) return;
    const asked = this.#client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: request } }),
    );
    const found = asked.then(({ Responses, UnprocessedKeys }) => {
      if (UnprocessedKeys?.[table]) throw new Error('a batch came back unfinished');
      return new Map((Responses?.[table] ?? []).map((item) => [nameOf(table, item), item]));
    });
    for (const key of request.Keys) {
      const name = nameOf(table, key);
      this.#items.set(
        name,
        found.then((items) => items.get(name)),
      );
    }
  }
}

/**
 * A client that asks the database each query and each key once and remembers what it said: for tests that read the same many thousand times
 * and write nothing meanwhile. What the house's code makes of the answers it makes anew each time.
 */
export function readOnce(client: DynamoDBClient): DynamoDBClient {
  const memory = new Memory(client);
  const send = (command: unknown) => memory.send(command);
  return new Proxy(client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
  });
}
