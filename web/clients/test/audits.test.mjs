// GraphQL over HTTP: the audits of graphql-http. One that is waived says what of the specification is against it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { Server } from '../../test/harness.mjs';

const WATERSHED = 'GraphQL over HTTP, Response, Body, Legacy watershed: since 2025 a request without Accept is to be treated as one that accepts application/graphql-response+json';
const WAIVED = {
  '80D8': WATERSHED,
  '47DE': `${WATERSHED}; */* likes both equally, so the default decides there, too`,
};

const server = await Server.start();
after(() => server.remove());

const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn: fetch });

test('there are as many audits as ever, and those that are waived are among them', () => {
  assert.equal(audits.length, 61);
  for (const id of Object.keys(WAIVED)) assert.ok(audits.some((audit) => audit.id === id), id);
});

for (const { id, name, fn } of audits) {
  test(`${id}: ${name}`, async (t) => {
    const { status, reason } = await fn();
    if (!WAIVED[id]) return assert.equal(status, 'ok', reason);
    t.diagnostic(`waived: ${WAIVED[id]}`);
    assert.notEqual(status, 'ok', 'the waiver is not needed any more');
  });
}
