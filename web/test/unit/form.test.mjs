// The pure parts of the props form: what a schema becomes, what an edit sends, what is said.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = (file) => runnerImport(fileURLToPath(new URL(`../../studio/${file}`, import.meta.url)), { configFile: false, logLevel: 'error' }).then(({ module }) => module);

let pointer;
let schema;
let hints;
let validate;
let urls;
let readable;
let assets;
before(async () => {
  pointer = await source('editor/form/pointer.ts');
  schema = await source('editor/form/schema.ts');
  hints = await source('editor/form/hints.ts');
  validate = await source('editor/form/validate.ts');
  urls = await source('editor/form/urls.ts');
  readable = await source('editor/form/readable.ts');
  assets = await source('assets/asset.ts');
});

/** An object whose names mean something to JavaScript, as the server would send it. */
const hostile = () => JSON.parse('{"__proto__":"a","constructor":{"prototype":"b"},"toString":"c"}');

describe('places in props', () => {
  test('one property changes, and everything else is the very same', () => {
    const before = { title: 'a', link: { label: 'b', href: '/c' }, list: [{ x: 1 }, { x: 2 }] };
    const after = pointer.replace(before, '/link/label', 'z');
    assert.deepEqual(after, { ...before, link: { label: 'z', href: '/c' } });
    assert.equal(after.list, before.list);
    assert.deepEqual(pointer.patchBetween(before, after), { link: { label: 'z' } });
  });

  test('a list is sent whole', () => {
    const before = { list: [{ x: 1 }, { x: 2 }] };
    assert.deepEqual(pointer.patchBetween(before, pointer.replace(before, '/list/1/x', 3)), { list: [{ x: 1 }, { x: 3 }] });
  });

  test('what is taken out is null in the patch, and an optional group that is left empty goes with it', () => {
    const before = { link: { label: 'b' }, title: 'a' };
    assert.deepEqual(pointer.patchBetween(before, pointer.replace(before, '/link/label', undefined)), { link: { label: null } });
    assert.deepEqual(pointer.patchBetween(before, pointer.replace(before, '/link/label', undefined, 1)), { link: null });
    assert.deepEqual(pointer.replace({ a: { b: { c: 1 } } }, '/a/b/c', undefined, 1), { a: {} });
    assert.deepEqual(pointer.replace({ a: { b: { c: 1 } } }, '/a/b/c', undefined, 2), {});
  });

  test('a group that is not there yet is made', () => {
    assert.deepEqual(pointer.patchBetween({}, pointer.replace({}, '/link/label', 'x')), { link: { label: 'x' } });
  });

  test('an object in place of a list or a text replaces it', () => {
    for (const old of [[1], 'x', 3]) assert.deepEqual(pointer.patchBetween({ a: old }, { a: { b: 1 } }), { a: { b: 1 } });
  });

  test('names of prototypes are names like others', () => {
    const value = hostile();
    assert.equal(pointer.lookUp(value, '/__proto__'), 'a');
    assert.equal(pointer.lookUp({}, '/constructor'), undefined);
    const next = pointer.replace(value, '/__proto__', 'z');
    assert.equal(JSON.stringify(pointer.patchBetween(value, next)), '{"__proto__":"z"}');
    assert.equal(JSON.stringify(pointer.patchBetween(value, {})), '{"__proto__":null,"constructor":null,"toString":null}');
    assert.equal({}.z, undefined);
  });

  test('tokens are escaped both ways', () => {
    assert.equal(pointer.below('', 'a/b~c'), '/a~1b~0c');
    assert.deepEqual(pointer.tokensOf('/a~1b~0c/0'), ['a/b~c', '0']);
  });

  test('equal parts are shared with what was there before', () => {
    const before = { a: { x: [1, 2] }, b: 1 };
    const after = pointer.share(before, { a: { x: [1, 2] }, b: 2 });
    assert.equal(after.a, before.a);
    assert.equal(pointer.share(before, structuredClone(before)), before);
  });

  test('null is found wherever it stands', () => {
    assert.equal(pointer.findNull({ a: [{ b: null }] }), '/a/0/b');
    assert.equal(pointer.findNull({ a: [{ b: 0 }] }), undefined);
  });
});

const kindOf = (one, widget) => {
  const all = new schema.Schemas({ type: 'object', properties: { one }, $defs: { text: { type: 'string', title: 'Inner', maxLength: 10 }, tree: { type: 'object', properties: { child: { $ref: '#/$defs/tree' } } } } });
  return all.describe(all.resolve(one), widget);
};

describe('a schema becomes fields', () => {
  test('by type, format and length', () => {
    const kinds = [
      [{ type: 'string', maxLength: 80 }, 'text'], [{ type: 'string' }, 'lines'], [{ type: 'string', maxLength: 5000 }, 'lines'], [{ type: 'string', format: 'uri-reference' }, 'link'], [{ type: 'string', format: 'date' }, 'date'],
      [{ type: 'string', format: 'date-time' }, 'date-time'], [{ type: 'string', format: 'time' }, 'time'], [{ type: 'string', format: 'email' }, 'email'], [{ type: 'string', format: 'color' }, 'color'],
      [{ type: 'number' }, 'number'], [{ type: 'integer' }, 'number'], [{ type: 'boolean' }, 'switch'], [{ enum: ['a', 'b'] }, 'choice'], [{ const: 'a' }, 'const'],
      [{ type: 'array', items: { type: 'string' } }, 'list'], [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b'] } }, 'several'],
      [{ type: 'object', properties: {} }, 'object'], [{ type: 'object', format: 'asset', properties: { url: {} } }, 'asset'], [{ type: ['string', 'null'], maxLength: 9 }, 'text'], [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'number'],
    ];
    for (const [one, kind] of kinds) assert.equal(kindOf(one).kind, kind, JSON.stringify(one));
  });

  test('what is outside of the profile is edited as JSON', () => {
    const outside = [
      {}, false, { not: { type: 'string' } }, { type: 'array' }, { type: 'array', prefixItems: [{ type: 'string' }] }, { type: 'object' }, { type: 'object', patternProperties: { x: {} } }, { if: { type: 'string' }, then: {}, type: 'string' },
      { $ref: 'https://elsewhere.example/x' }, { $ref: '#/$defs/missing' }, { oneOf: [{ type: 'object', properties: { a: {} } }, { type: 'object', properties: { b: {} } }] }, { enum: [{ a: 1 }] }, { type: 'null' },
      { allOf: [{ type: 'string', pattern: 'a' }, { pattern: 'b' }] }, { type: 'string', $ref: '#/properties/one' },
    ];
    for (const one of outside) assert.equal(kindOf(one).kind, 'json', JSON.stringify(one));
  });

  test('references and plain combinations are looked through', () => {
    assert.deepEqual(kindOf({ $ref: '#/$defs/text', title: 'Outer' }).schema, { type: 'string', title: 'Outer', maxLength: 10 });
    const both = kindOf({ allOf: [{ $ref: '#/$defs/text' }, { maxLength: 5, minLength: 1 }] });
    assert.equal(both.kind, 'text');
    assert.equal(both.schema.maxLength, 5);
    const joined = kindOf({ allOf: [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: { type: 'number' }, a: { maxLength: 3 } }, required: ['b'] }] });
    assert.deepEqual(Object.keys(joined.schema.properties), ['a', 'b']);
    assert.deepEqual(joined.schema.required, ['a', 'b']);
    assert.equal(kindOf({ $ref: '#/$defs/tree' }).kind, 'object');
  });

  test('a schema that contains itself resolves to the same object again and again', () => {
    const all = new schema.Schemas({ $defs: { tree: { type: 'object', properties: { child: { $ref: '#/$defs/tree' } } } }, $ref: '#/$defs/tree' });
    const root = all.resolve(all.root);
    const child = all.resolve(root.properties.child);
    assert.equal(all.resolve(child.properties.child), child);
  });

  test('constants with titles are a choice, and names of prototypes are values like others', () => {
    assert.deepEqual(kindOf({ oneOf: [{ const: 'a', title: 'First' }, { const: 'b-c' }] }).options, [{ value: 'a', label: 'First' }, { value: 'b-c', label: 'B c' }]);
    const all = new schema.Schemas(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}}}'));
    const root = all.resolve(all.root);
    assert.equal(all.describe(all.inside(root, hostile(), '__proto__')).kind, 'lines');
    assert.equal(all.describe(all.inside(root, hostile(), 'constructor')).kind, 'number');
    assert.equal(all.inside(root, hostile(), 'toString'), undefined);
  });
});

describe('alternatives', () => {
  const media = {
    oneOf: [
      { type: 'object', title: 'Picture', properties: { kind: { const: 'picture' }, caption: { type: 'string' }, wide: { type: 'boolean' } }, required: ['kind'] },
      { type: 'object', title: 'Film', properties: { kind: { const: 'film' }, caption: { type: 'string' }, wide: { type: 'number' }, length: { type: 'number' } }, required: ['kind'] },
    ],
  };

  test('are told apart by a constant, and switching keeps what fits', () => {
    const { kind, variants } = kindOf(media);
    assert.equal(kind, 'variants');
    assert.deepEqual(variants.map(({ label }) => label), ['Picture', 'Film']);
    assert.equal(variants.findIndex((variant) => variant.fits({ kind: 'film' })), 1);
    assert.deepEqual(variants[1].from({ kind: 'picture', caption: 'Dusk', wide: true }), { kind: 'film', caption: 'Dusk' });
    assert.deepEqual(variants[0].from(undefined), { kind: 'picture' });
    assert.ok(!('kind' in variants[0].schema.properties), 'the constant needs no field of its own');
  });

  test('of simple types are told apart by the type', () => {
    const { kind, variants } = kindOf({ anyOf: [{ type: 'string' }, { type: 'number' }] });
    assert.equal(kind, 'variants');
    assert.deepEqual(variants.map(({ label }) => label), ['Text', 'Number']);
    assert.equal(variants[1].from('12.5'), 12.5);
    assert.equal(variants[0].from(12.5), '12.5');
    assert.equal(kindOf({ type: ['string', 'boolean'] }).kind, 'variants');
  });
});

describe('new entries', () => {
  test('hold as little as there can be', () => {
    const all = new schema.Schemas({});
    const cases = [
      [{ type: 'string' }, ''], [{ type: 'number', minimum: 5 }, 5], [{ type: 'boolean' }, false], [{ enum: ['x', 'y'] }, 'x'], [{ type: 'string', default: 'd' }, 'd'], [{ type: 'array', items: {} }, []],
      [{ type: 'object', properties: { a: { type: 'string', default: 'not copied' }, k: { const: 1 } }, required: ['k', 'a'] }, { k: 1 }],
    ];
    for (const [one, want] of cases) assert.deepEqual(schema.starter(all, one), want, JSON.stringify(one));
  });

  test('are named by their most telling text', () => {
    assert.equal(schema.tellingText({ id: 'x', title: ' Lamp ' }), 'Lamp');
    assert.equal(schema.tellingText({ price: { amount: 3 }, handle: 'aspen' }), 'aspen');
    assert.equal(schema.tellingText({ deep: { name: 'inner' } }), 'inner');
    assert.equal(schema.tellingText({}), undefined);
    assert.equal(schema.tellingText('a'.repeat(100_000)).length, 120);
  });
});

describe('uiSchema', () => {
  test('orders, and words of the form are not names of properties', () => {
    const ui = { order: ['b', 'nobody', 'a'], help: 'Of the group', b: { widget: 'textarea', order: { hidden: true } }, items: { widget: 'textarea' } };
    assert.deepEqual(hints.ordered(['a', 'b', 'c'], hints.hintsOf(ui)), ['b', 'a', 'c']);
    assert.deepEqual(hints.ordered(['href', 'label', 'target'], hints.hintsOf(undefined), ['label', 'href', 3, 'nobody']), ['label', 'href', 'target']);
    assert.equal(hints.insideOf(hints.hintsOf(ui), 'b').widget, 'textarea');
    assert.equal(hints.insideOf(hints.insideOf(hints.hintsOf(ui), 'b'), 'order').hidden, true);
    assert.equal(hints.insideOf(hints.hintsOf(ui), 'constructor').widget, undefined);
    assert.equal(hints.hintsOf('nonsense').hidden, false);
  });
});

describe('messages', () => {
  const said = (one, value, name = 'one') => validate.validatorOf({ type: 'object', properties: { [name]: one } })({ [name]: value }).get(`/${name}`);

  test('are words', () => {
    const cases = [
      [{ type: 'string', maxLength: 60 }, 'x'.repeat(63), 'At most 60 characters: 3 too many'], [{ type: 'string', minLength: 1 }, '', 'This is needed'], [{ type: 'string', minLength: 5 }, 'abc', 'At least 5 characters: 2 more'],
      [{ type: 'number', minimum: 2 }, 1, 'At least 2'], [{ type: 'number', maximum: 4.5 }, 5, 'At most 4.5'], [{ type: 'number', exclusiveMinimum: 0 }, 0, 'More than 0'], [{ type: 'number', multipleOf: 0.1 }, 0.35, 'A multiple of 0.1'],
      [{ type: 'integer' }, 1.5, 'Is a number, must be a whole number'], [{ type: 'string' }, ['x'], 'Is a list, must be a text'], [{ enum: ['a', 'b'] }, 'c', 'None of the choices'], [{ type: 'string', pattern: '^[A-Z]{3}$' }, 'eur', 'Not in the form that is wanted here'],
      [{ type: 'string', format: 'email' }, 'x', 'An email address such as name@example.com'], [{ type: 'string', format: 'uri' }, '/x', 'A full address such as https://example.com/'], [{ type: 'array', maxItems: 1 }, [1, 2, 3], 'At most 1 entry: 2 too many'],
      [{ type: 'array', uniqueItems: true }, [1, 1], 'The same entry stands here twice'],
    ];
    for (const [one, value, want] of cases) assert.equal(said(one, value), want, JSON.stringify(one));
  });

  test('stand where something is missing', () => {
    const found = validate.validatorOf({ type: 'object', required: ['a"b'], properties: { link: { type: 'object', required: ['href'], properties: { href: { type: 'string' } } } } })({ link: {} });
    assert.deepEqual([...found], [['/a"b', 'This is needed'], ['/link/href', 'This is needed']]);
  });

  test('of alternatives are those of the one that is meant', () => {
    const one = { oneOf: [{ type: 'object', properties: { kind: { const: 'a' }, x: { type: 'string' } } }, { type: 'object', properties: { kind: { const: 'b' }, y: { type: 'number', maximum: 3 } } }] };
    const check = validate.validatorOf({ type: 'object', properties: { one } });
    assert.deepEqual([...check({ one: { kind: 'b', y: 4 } })], [['/one/y', 'At most 3']]);
    assert.deepEqual([...check({ one: { kind: 'c' } })], [['/one', 'Fits none of the alternatives']]);
    assert.deepEqual([...check({ one: { kind: 'b', y: 2 } })], []);
  });

  test('pictures are seen as they are served, and what is filled in later is not judged', () => {
    const picture = { type: 'object', format: 'asset', properties: { url: { type: 'string' }, width: { type: 'integer' }, alt: { type: 'string' } }, required: ['url', 'width', 'alt'] };
    const check = validate.validatorOf({ type: 'object', properties: { picture, title: { type: 'string' } } });
    assert.deepEqual([...check({ picture: { $asset: `sha256:${'0'.repeat(64)}` }, title: { $bind: { path: 3 } } })], []);
  });

  test('hostile schemas and props end quickly and break nothing', () => {
    const began = performance.now();
    assert.equal(said({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`), undefined, 'such a pattern is left to the server');
    const both = { anyOf: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }] };
    const forest = validate.validatorOf({ type: 'object', $defs: { n: { type: 'object', properties: { a: both }, required: ['b'] } }, properties: { a: both } });
    let deep = {};
    for (let i = 0; i < 60; i++) deep = { a: deep };
    assert.deepEqual([...forest(deep)], []);
    const names = validate.validatorOf(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"number"},"constructor":{"type":"object","properties":{"prototype":{"type":"number"}}},"toString":{"type":"string"}},"required":["valueOf"]}'));
    assert.deepEqual([...names(hostile())].sort(), [['/__proto__', 'Is a text, must be a number'], ['/constructor/prototype', 'Is a text, must be a number'], ['/valueOf', 'This is needed']]);
    assert.equal(said({ type: 'string', format: 'email', maxLength: 10 }, 'a@'.repeat(50_000)), 'At most 10 characters: 99,990 too many');
    for (const broken of [{ $ref: '#/nowhere' }, { type: 7 }, { properties: 3 }, { allOf: {} }]) assert.ok(validate.validatorOf(broken)({}) instanceof Map);
    assert.ok(performance.now() - began < 2_000);
  });
});

describe('addresses', () => {
  test('that could run script are known in disguise', () => {
    for (const bad of ['javascript:alert(1)', ' JaVa\tScript:x', 'java\u200bscript:x', 'javascript&colon;x', '%6aavascript:x', 'data:text/html,x', 'vbscript:x', 'ｊavascript:x', '&#106;avascript:x', 'x,javascript:x']) assert.ok(urls.unsafeScheme(bad), bad);
    for (const good of ['/sale', '#grid', 'https://example.com/javascript:x', 'mailto:a@b.c', 'tel:+49', 'data:image/png;base64,x', 'a sentence: about javascript', '']) assert.equal(urls.unsafeScheme(good), undefined, good);
  });

  test('are found by the name of the property or the format of the schema', () => {
    const at = (props, isLink = () => false) => urls.findUnsafe(props, '', '', isLink)?.at;
    assert.equal(at({ text: 'javascript:x' }), undefined);
    assert.equal(at({ text: 'javascript:x' }, (place) => place === '/text'), '/text');
    assert.equal(at({ links: [{ heroImage: 'ok' }, { heroImage: 'javascript:x' }] }), '/links/1/heroImage');
    for (const name of ['href', 'imageURL', 'hero_image', 'formAction', 'srcset', 'image2']) assert.ok(urls.namesAddress(name), name);
    for (const name of ['title', 'referral', 'toaster', 'imagery']) assert.ok(!urls.namesAddress(name), name);
  });
});

describe('values for looking at', () => {
  test('are words', () => {
    assert.equal(readable.readable({ label: 'Go', href: '/x' }), 'Go · /x');
    assert.equal(readable.readable([]), 'none');
    assert.equal(readable.readable(undefined), 'not set');
    assert.equal(readable.readable({ $asset: `sha256:${'0'.repeat(64)}`, alt: 'A lamp' }), 'picture: A lamp');
    assert.ok(readable.readable('x'.repeat(100_000)).length < 500);
  });

  test('pictures are known by a whole hash only', () => {
    const hash = `sha256:${'a'.repeat(64)}`;
    assert.equal(assets.hashOf({ $asset: hash }), hash);
    for (const other of [{ $asset: 'sha256:a' }, { asset: hash }, hash, [], undefined]) assert.equal(assets.hashOf(other), undefined);
    assert.deepEqual(assets.envelope(hash, ''), { $asset: hash });
  });
});
