// Reads a list of cases {name, subgraphs: [{name, sdl}]} as JSON from stdin, and writes for each what two other
// composers say: {name, wundergraph: [errors], guild: [errors]}, where an empty list means that they accept it.
import { composeServices } from '@theguild/federation-composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { parse } from 'graphql';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

function attempt(compose) {
  try {
    return compose().map((error) => String(error.message ?? error).slice(0, 500));
  } catch (error) {
    return [`thrown: ${String(error?.message ?? error).slice(0, 500)}`];
  }
}

const answers = JSON.parse(Buffer.concat(chunks).toString()).map(({ name, subgraphs }) => ({
  name,
  wundergraph: attempt(() => {
    const result = federateSubgraphs({
      subgraphs: subgraphs.map((s) => ({ name: s.name, url: `http://${s.name}`, definitions: parse(s.sdl) })),
      version: ROUTER_COMPATIBILITY_VERSION_ONE,
    });
    return result.success ? [] : result.errors;
  }),
  guild: attempt(() => {
    const result = composeServices(
      subgraphs.map((s) => ({ name: s.name, url: `http://${s.name}`, typeDefs: parse(s.sdl) })),
    );
    return result.errors ?? [];
  }),
}));
process.stdout.write(JSON.stringify(answers));
