// A small GraphQL service in a process of its own: orders, that take as long as is asked for. It tells its parent how busy it is.
import { createServer } from 'node:http';
import { buildSchema, graphql } from 'graphql';

const schema = buildSchema('type Query { orders(ms: Int): Int fail: Int }');
const CAPACITY = 4;
let inFlight = 0;
let before = process.cpuUsage();
let at = performance.now();

const root = {
  orders: async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms ?? 0));
    return 7;
  },
  fail: () => { throw new Error('it fails, as it was asked to'); },
};

const server = createServer(async (request, response) => {
  inFlight++;
  try {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { query, variables } = JSON.parse(text);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables, rootValue: root })));
  } finally {
    inFlight--;
  }
});

server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/graphql` }));
setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(before);
  process.send({ load: { inFlight, capacity: CAPACITY, cpu: (user + system) / 1_000 / (now - at), cores: 2, memory: process.memoryUsage().rss } });
  before = process.cpuUsage();
  at = now;
}, 300);
process.once('disconnect', () => process.exit());
