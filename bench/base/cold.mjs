// One cold start: imports a bundle as Lambda does, answers one event, tells how long each took.
const [file, event] = process.argv.slice(2);
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 30_000 };
const began = performance.now();
const { handler } = await import(file);
const loaded = performance.now();
const answer = await handler(JSON.parse(event), context);
const answered = performance.now();
const { statusCode, body } = answer;
const told = { statusCode, body: statusCode === 200 ? '' : body };
console.error(JSON.stringify({ init: loaded - began, total: answered - began, ...told }));
process.exit(0);
