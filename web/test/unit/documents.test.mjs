// What is pasted or dropped to be registered is recognized, and a refusal is shown where it is.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

let manifest;
before(async () => {
  const file = fileURLToPath(new URL('../../studio/documents/manifest.ts', import.meta.url));
  manifest = (await runnerImport(file, { configFile: false, logLevel: 'error' })).module;
});

const apollo = (operations) => JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });

describe('what somebody pastes', () => {
  const good = [
    ['Apollo’s manifest', apollo([{ id: 'a', name: 'A', type: 'query', body: 'query A { a }' }, { id: 'b', name: 'B', type: 'query', body: 'query B { b }' }]), 2],
    ['A map of ids to documents', '{"format": "query Format { a }", "x": "query X { x }"}', 2],
    ['A map of ids to documents', '{"__proto__": "query P { a }"}', 1],
    ['One operation', '# Written by hand\n\n  query A($x: Int) { a(x: $x) }', 1],
    ['One operation', 'fragment F on A { a } query Q { ...F }', 1],
  ];
  for (const [what, text, count] of good) {
    test(`${what}: ${text.slice(0, 40).replaceAll('\n', ' ')}`, () => {
      const found = manifest.read(text);
      assert.deepEqual([found.what, found.count], [what, count]);
    });
  }
  test('is sent as it is', () => {
    const text = apollo([{ id: 'a', name: 'Ä', type: 'query', body: 'query A {\n\ta\n}' }]);
    assert.deepEqual(manifest.read(text).input, { manifest: JSON.parse(text) });
    assert.deepEqual(manifest.read(' query A { a }\n').input, { documents: [{ body: ' query A { a }\n' }] });
  });
  test('is nothing yet, or said to be neither', () => {
    assert.equal(manifest.read(' \n'), undefined);
    for (const [text, said] of [['{ "a": ', /no JSON/], ['[1]', /JSON object/], ['"a"', /JSON object/], ['{}', /no document/], [apollo([]), /no document/], ['{"format":"apollo-persisted-query-manifest"}', /no document/], [`{"a":"${'x'.repeat(9_000_000)}"}`, /8 MB/]]) {
      assert.match(manifest.read(text), said, text.slice(0, 40));
    }
  });
});

describe('a refusal', () => {
  test('finds its text by the path', () => {
    const cases = [
      [apollo([{ id: 'a', body: 'A' }, { id: 'b', body: 'B' }]), ['manifest', 'b'], 'B'],
      ['{"a": "A", "constructor": "C"}', ['manifest', 'constructor'], 'C'],
      ['{"a": "A"}', ['manifest', 'constructor'], undefined],
      ['{"a": 1}', ['manifest', 'a'], undefined],
      ['{"a": "A"}', ['manifest'], undefined],
      ['{"a": "A"}', ['frontend', 'a'], undefined],
      ['query A { a }', ['documents', '0'], 'query A { a }'],
      ['query A { a }', ['documents', '1'], undefined],
    ];
    for (const [text, path, want] of cases) assert.equal(manifest.sourceAt(manifest.read(text), path), want, path.join('/'));
  });
  test('is marked under its place', () => {
    assert.equal(manifest.excerpt('query A {\n\tnope\n}', 2, 2), ' nope\n ^');
    assert.equal(manifest.excerpt('query A {', 1, 10), 'query A {\n         ^');
    assert.equal(manifest.excerpt('a\r\nb', 2, 1), 'b\n^');
    assert.equal(manifest.excerpt('a', 3, 1), undefined);
    const [shown, mark] = manifest.excerpt(`${'x'.repeat(200)}here${'y'.repeat(200)}`, 1, 201).split('\n');
    assert.equal(shown.slice(mark.indexOf('^')).startsWith('here'), true);
    assert.ok(shown.length <= 70 && shown.startsWith('…') && shown.endsWith('…'));
  });
});
