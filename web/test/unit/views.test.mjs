// What the studio tells frontend developers holds, and what it reads out of schemas and ranges is right.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { parseSync, runnerImport } from 'vite';

const at = (file) => fileURLToPath(new URL(file, import.meta.url));
const source = (file) => runnerImport(at(`../../${file}`), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let api;
let range;
let schemas;
let asked;
let graphiql;
before(async () => {
  api = await source('studio/api/snippets.ts');
  range = await source('studio/components/range.ts');
  schemas = await source('studio/components/schema.ts');
  asked = await source('graphiql/asked.ts');
  graphiql = await source('studio/lib/graphiql.ts');
});

const targets = [
  { server: 'http://127.0.0.1:8080', frontend: 'shop', environment: 'production', path: '/' },
  { server: 'https://sonata.example', frontend: 'shop', environment: 'staging', path: '/it\'s/"quoted"/`${here}`\\n' },
];

describe('snippets', () => {
  test('are programs', () => {
    for (const target of targets) {
      for (const { id, text } of api.snippets(target)) {
        if (id === 'curl') continue;
        const { errors } = parseSync('snippet.tsx', text);
        assert.deepEqual(errors, [], `${id}\n${text}`);
      }
    }
  });

  test('hold documents that the schema knows', () => {
    const folder = at('../../../schema/');
    const schema = buildSchema(readdirSync(folder).filter((name) => name.endsWith('.graphql')).map((name) => readFileSync(folder + name, 'utf8')).join('\n'));
    for (const target of targets) {
      const documents = [api.query(target)];
      for (const { id, text } of api.snippets(target)) {
        const found = /(?:gql|graphql)(`[^]*?[^\\]`);/.exec(text)?.[1];
        if (found) documents.push(new Function(`return ${found}`)());
        else assert.ok(['curl', 'sdk', 'types'].includes(id), id);
      }
      assert.equal(documents.length, 4);
      for (const document of documents) assert.deepEqual(validate(schema, parse(document)).map(({ message }) => message), [], document);
    }
  });

  test('say the environment only where it is not production', () => {
    const [production, staging] = targets.map((target) => api.snippets(target).map(({ text }) => text).join('\n'));
    assert.doesNotMatch(production, /environment:/);
    assert.equal(staging.match(/environment: "staging"/g).length, 5);
  });

  test('go to GraphiQL and come out as they went in', () => {
    const text = api.query(targets[1]);
    assert.deepEqual(asked.askedBy(new URL(graphiql.inGraphiql(text), 'http://x').hash), { query: text, variables: '' });
  });
});

describe('what a link asks GraphiQL to show', () => {
  test('is bounded, and nothing where it makes no sense', () => {
    for (const fragment of ['', '#', '#query=', '#query=%20', '#other=x', `#query=${'a'.repeat(65_537)}`, `#query=a&variables=${'b'.repeat(65_537)}`, `#query=${'%61'.repeat(90_000)}`]) {
      assert.equal(asked.askedBy(fragment), undefined, fragment.slice(0, 30));
    }
    assert.deepEqual(asked.askedBy('#query={a}&variables={}'), { query: '{a}', variables: '{}' });
  });
});

describe('ranges', () => {
  test('say what a build can render', () => {
    const cases = [
      ['2.1', '^2', true], ['2.1', '^2.0', true], ['2.0', '^2.1', false], ['3.0', '^2', false], ['0.2', '^0.1', false], ['0.2', '^0', true],
      ['2.1', '~2.1', true], ['2.2', '~2.1', false], ['2.2', '~2', true],
      ['1.5', '>=1.2 <2', true], ['2.0', '>=1.2 <2', false], ['1.5', '>= 1.2, < 2.0', true], ['3.1', '^1 || ^3', true], ['2.1', '^1 || ^3', false],
      ['1.3', '1.2 - 1.4', true], ['1.5', '1.2 - 1.4', false], ['1.2', '1.x', true], ['1.2', '*', true], ['1.2', '1.2', true], ['1.3', '1.2', false], ['1.3', '!=1.2', true], ['2.0', '>1', true], ['1.9', '>1', false], ['1.9', '<=1', true],
    ];
    for (const [version, wanted, is] of cases) assert.equal(range.within(version, wanted), is, `${version} in ${wanted}`);
    for (const wanted of ['latest', '^^2', '>=1 and <2', '1.2.3.4']) assert.equal(range.within('1.0', wanted), undefined, wanted);
  });
});

describe('the table of props', () => {
  const rows = (schema, hints) => schemas.linesOf(schema, hints).map(({ depth, name, title, type, required, limits }) => [depth, name || title, type, required, limits]);

  test('shows what is nested, listed, referred to, and of several kinds', () => {
    const schema = {
      $defs: { link: { type: 'object', properties: { href: { type: 'string', format: 'uri-reference' } }, required: ['href'] } },
      required: ['main'],
      properties: {
        main: { $ref: '#/$defs/link' },
        more: { type: 'array', maxItems: 3, items: { $ref: '#/$defs/link' } },
        tone: { enum: ['a', 'b'] },
        picture: { type: 'object', format: 'asset', properties: { url: { type: 'string' } } },
        media: { oneOf: [{ type: 'object', title: 'A film', properties: { kind: { const: 'film' } } }, { type: 'object', properties: { kind: { const: 'sound' } } }] },
        size: { type: ['number', 'null'], minimum: 1, maximum: 1200 },
      },
    };
    assert.deepEqual(rows(schema), [
      [0, 'main', 'object', true, undefined], [1, 'href', 'string, uri-reference', true, undefined],
      [0, 'more', 'list of object', false, 'at most 3 entries'], [1, 'href', 'string, uri-reference', true, undefined],
      [0, 'tone', '"a" | "b"', false, undefined], [0, 'picture', 'image', false, undefined],
      [0, 'media', 'object', false, undefined], [1, 'A film', 'one of', false, undefined], [2, 'kind', '"film"', false, undefined], [1, 'variant 2', 'one of', false, undefined], [2, 'kind', '"sound"', false, undefined],
      [0, 'size', 'number | null', false, '1 to 1,200'],
    ]);
  });

  test('stands in the order of the form', () => {
    assert.deepEqual(rows({ properties: { a: {}, b: {}, c: {} } }, { order: ['c', 'b'] }).map(([, name]) => name), ['c', 'b', 'a']);
  });

  test('ends, whatever the schema is', () => {
    const loop = { properties: { loop: { $ref: '#/properties/loop' }, self: { $ref: '#' }, list: { type: 'array', items: { $ref: '#' } } } };
    assert.ok(rows(loop).length <= 200);
    for (const schema of [null, true, 3, 'x', [], {}, { properties: 3 }, { properties: { a: null, constructor: true, toString: { enum: 3, oneOf: {}, items: 4 } } }]) assert.ok(Array.isArray(rows(schema)));
    assert.deepEqual(rows(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')), [[0, '__proto__', 'string', false, undefined]]);
  });
});
