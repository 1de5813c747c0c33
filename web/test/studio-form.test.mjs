// The props form: every kind of field by the keyboard, what it says, JSON for the rest, hostile content, pictures.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { Server, startBrowser, until, Visitor } from './harness.mjs';

const tree = { type: 'object', title: 'Branch', properties: { name: { type: 'string', maxLength: 40 }, child: { $ref: '#/$defs/tree', title: 'Child' }, children: { type: 'array', title: 'Children', items: { $ref: '#/$defs/tree' } } } };
const picture = { type: 'object', title: 'Picture', format: 'asset', required: ['url', 'width', 'height', 'alt'], properties: { url: { type: 'string' }, width: { type: 'integer' }, height: { type: 'integer' }, alt: { type: 'string' }, placeholder: { type: 'string' } } };

const everything = {
  key: 'everything', version: '1.0', title: 'Everything',
  propsSchema: {
    type: 'object', required: ['title'], $defs: { tree, short: { type: 'string', maxLength: 20 } },
    properties: {
      title: { type: 'string', title: 'Title', minLength: 1, maxLength: 60 }, text: { type: 'string', title: 'Text' }, tone: { title: 'Tone', enum: ['plain', 'warm', 'deep'], default: 'warm' },
      art: { title: 'Art', enum: ['sofa', 'chair', 'lamp', 'pendant', 'table'], default: 'lamp' }, style: { title: 'Style', oneOf: [{ const: 'a', title: 'Alpha' }, { const: 'b', title: 'Beta' }] }, fixed: { title: 'Fixed', const: 'v1' },
      link: { type: 'object', title: 'Link', required: ['label', 'href'], properties: { label: { type: 'string', title: 'Label', minLength: 1 }, href: { type: 'string', title: 'Target', format: 'uri-reference', minLength: 1 } } },
      mail: { type: 'string', title: 'Mail', format: 'email' }, color: { type: 'string', title: 'Color', format: 'color' }, day: { type: 'string', title: 'Day', format: 'date' }, moment: { type: 'string', title: 'Moment', format: 'date-time' },
      clock: { type: 'string', title: 'Clock', format: 'time' }, rating: { type: 'integer', title: 'Rating', minimum: 1, maximum: 5 }, price: { type: 'number', title: 'Price', minimum: 0, multipleOf: 0.5 }, volume: { type: 'integer', title: 'Volume', minimum: 0, maximum: 100 },
      wide: { type: 'boolean', title: 'Wide', default: true }, tags: { type: 'array', title: 'Tags', uniqueItems: true, items: { enum: ['new', 'sale', 'last'] } }, lines: { type: 'array', title: 'Lines', maxItems: 3, items: { type: 'string', title: 'Line', maxLength: 30 } },
      products: { type: 'array', title: 'Products', items: { type: 'object', title: 'Product', required: ['name'], properties: { name: { type: 'string', title: 'Name', maxLength: 80 }, price: { type: 'number', title: 'Cost' } } } },
      media: { title: 'Media', oneOf: ['picture', 'film'].map((kind) => ({ type: 'object', required: ['kind'], properties: { kind: { const: kind }, caption: { type: 'string', title: 'Caption', maxLength: 60 }, ...(kind === 'film' && { seconds: { type: 'integer', title: 'Seconds', maximum: 90 } }) } })) },
      size: { title: 'Size', anyOf: [{ type: 'string', maxLength: 10 }, { type: 'number' }] }, maybe: { title: 'Maybe', type: ['string', 'null'], maxLength: 10 }, tree: { $ref: '#/$defs/tree', title: 'Tree' }, both: { allOf: [{ $ref: '#/$defs/short' }, { title: 'Both', minLength: 2 }] },
      picture, wild: { type: 'object', title: 'Wild', patternProperties: { '^x-': { type: 'number' } } },
    },
  },
  uiSchema: { order: ['title', 'text'], text: { widget: 'textarea' }, volume: { widget: 'slider' }, day: { group: 'When' }, moment: { group: 'When' }, clock: { group: 'When' } },
};

const hostile = {
  key: 'hostile', version: '1.0', title: '<b>eliTtsoh</b>',
  propsSchema: JSON.parse(`{"type":"object","title":"<img src=x onerror=alert(1)>","properties":{
    "__proto__":{"type":"string","title":"Proto","maxLength":20},"constructor":{"type":"object","title":"Constructor","properties":{"prototype":{"type":"string","title":"Prototype","maxLength":20}}},"toString":{"type":"string","title":"<script>alert(1)</script>","maxLength":20},
    "evil":{"type":"string","title":"Evil","pattern":"^(a+)+$"},"deep":{"$ref":"#/$defs/n"}},
    "required":["hasOwnProperty"],"$defs":{"n":{"type":"object","title":"Deep","properties":{"n":{"$ref":"#/$defs/n"},"m":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"array","items":{"$ref":"#/$defs/n"}}]}}}}}`),
};

/** A PNG of one color per row, so that two sizes are two pictures. */
function png(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    let crc = ~0;
    for (const byte of body) {
      crc ^= byte;
      for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(~crc >>> 0, body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) rows.fill((y * 7) % 256, y * (1 + width * 3) + 1, (y + 1) * (1 + width * 3));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

describe('the props form', () => {
  let server;
  let browser;
  let visitor;
  before(async () => {
    server = await Server.start();
    browser = await startBrowser();
    visitor = await Visitor.open(browser, server, { serverMayVanish: true });
    const { buildRegister } = await server.graphql('mutation ($input: BuildRegisterInput!) { buildRegister(input: $input) { breakingChanges userErrors { message } } }', { input: { frontend: 'shop', name: 'test', components: [everything, hostile] } });
    assert.deepEqual(buildRegister, { breakingChanges: [], userErrors: [] });
  });
  after(async () => {
    await visitor?.close();
    await browser?.close();
    await server?.remove();
  });

  const insert = (key, props, component = 'everything') => server.edit('home', [{ insert: { key, parent: 'root', component, props } }]);
  const stored = async (key) => (await server.screen('home')).body.blocks[key].props;
  const settles = async (key, want) => {
    let last;
    await until(async () => {
      last = await stored(key);
      try {
        assert.deepEqual(last, want);
        return true;
      } catch {
        return false;
      }
    }, 'the draft to be as it was typed', 6_000).catch(() => assert.deepEqual(last, want));
  };
  const open = async (key) => {
    const page = await visitor.visit(`/studio/shop/screens/home?block=${key}`);
    const form = page.getByTestId('props-form');
    await form.waitFor();
    return { page, form };
  };

  test('every kind of field is filled in by the keyboard, and every edit is as small as it can be', async () => {
    await insert('keys', { title: 'Before', unknown: { kept: [1] } });
    const { page, form } = await open('keys');
    const patches = [];
    page.on('request', (request) => {
      for (const op of request.postDataJSON()?.variables?.input?.ops ?? []) if (op.setProps) patches.push(op.setProps.patch);
    });
    const type = async (name, text) => {
      await form.getByLabel(name, { exact: true }).focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    };
    const press = async (locator, ...keys) => {
      await locator.focus();
      for (const key of keys) await page.keyboard.press(key);
    };
    await type('Title', 'After');
    await type('Text', 'One\nTwo');
    await press(form.getByRole('group', { name: 'Tone' }).getByLabel('Warm'), 'ArrowRight');
    await form.getByLabel('Art').selectOption('Chair');
    await press(form.getByRole('group', { name: 'Style' }).getByLabel('Beta'), 'Space');
    await press(form.getByRole('button', { name: 'Set Fixed' }), 'Enter');
    await press(form.getByRole('button', { name: 'Link not set' }), 'Enter');
    await type('Label', 'Go');
    await press(form.getByRole('combobox', { name: 'Target' }), 'ArrowDown');
    const places = form.getByRole('listbox', { name: 'Places to link to' });
    await places.getByRole('option', { name: /\/products/ }).first().waitFor();
    await page.keyboard.type('#ke');
    await places.getByRole('option', { name: /#keys/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await type('Mail', 'a@example.com');
    await type('Color', '#aabbcc');
    await form.getByLabel('Day', { exact: true }).fill('2026-01-31');
    await form.getByLabel('Moment').fill('2026-01-31T12:30');
    await form.getByLabel('Clock').fill('09:15');
    await press(form.getByRole('group', { name: 'Rating' }).getByLabel('4'), 'Space');
    await type('Price', '2,5');
    await page.keyboard.press('ArrowUp');
    await press(form.getByLabel('Volume'), 'ArrowRight');
    await press(form.getByRole('switch', { name: 'Wide' }), 'Space');
    await press(form.getByRole('group', { name: 'Tags' }).getByLabel('Sale'), 'Space');
    await form.getByLabel('Media').selectOption('Film');
    await type('Caption', 'Dusk');
    await type('Seconds', '60');
    await form.getByLabel('Media').selectOption('Picture');
    await form.getByLabel('Size').selectOption('Number');
    await type('Maybe', 'yes');
    await type('Both', 'ok');
    const zone = await page.evaluate(() => new Date('2026-01-31T12:30').toISOString().replace('.000Z', 'Z'));
    await settles('keys', {
      title: 'After', unknown: { kept: [1] }, text: 'One\nTwo', tone: 'deep', art: 'chair', style: 'b', fixed: 'v1', link: { label: 'Go', href: '#keys' }, mail: 'a@example.com', color: '#aabbcc', day: '2026-01-31', moment: zone, clock: '09:15:00Z',
      rating: 4, price: 3, volume: 1, wide: false, tags: ['sale'], media: { kind: 'picture', caption: 'Dusk' }, size: 0, maybe: 'yes', both: 'ok',
    });
    assert.ok(patches.length > 0 && patches.every((patch) => !('unknown' in patch) && Object.keys(patch).length < 12), 'an edit names what changed');
    assert.ok(patches.some(({ media }) => media?.kind === 'picture' && media.seconds === null), JSON.stringify(patches));

    // Emptied, an optional text is gone, and with the last one its group.
    await type('Text', 'x');
    await page.keyboard.press('Backspace');
    await type('Label', 'x');
    await page.keyboard.press('Backspace');
    await form.getByRole('combobox', { name: 'Target' }).fill('');
    await press(form.getByRole('button', { name: 'Clear Tone' }), 'Enter');
    await until(async () => { const { text, tone, link } = await stored('keys'); return text === undefined && tone === undefined && link === undefined; }, 'what was emptied to be gone');
    await press(form.getByRole('button', { name: 'Remove unknown' }), 'Enter');
    await until(async () => !('unknown' in (await stored('keys'))), 'the unknown property to be gone');
    await page.close();
  });

  test('lists are added to, reordered, duplicated and emptied by the keyboard, and focus stays on what moved', async () => {
    await insert('lists', { title: 'Lists', lines: ['One', 'Two'], products: [{ name: 'Lamp' }, { name: 'Sofa' }] });
    const { page, form } = await open('lists');
    const lines = form.getByRole('group', { name: 'Lines' });
    await lines.getByRole('button', { name: 'Add line' }).press('Enter');
    await page.keyboard.type('Three');
    await settles('lists', { title: 'Lists', lines: ['One', 'Two', 'Three'], products: [{ name: 'Lamp' }, { name: 'Sofa' }] });
    assert.equal(await lines.getByText('No more than 3.').count(), 1);
    await lines.getByRole('button', { name: /^Move line 3/ }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Alt+ArrowUp');
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Move line 1/);
    await lines.getByRole('status').getByText('Moved to place 1 of 3').waitFor({ state: 'attached' });
    await lines.getByRole('button', { name: 'What to do with line 2' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Remove' }).press('Enter');
    await settles('lists', { title: 'Lists', lines: ['Three', 'Two'], products: [{ name: 'Lamp' }, { name: 'Sofa' }] });
    const products = form.getByRole('group', { name: 'Products' });
    await products.getByRole('button', { name: 'What to do with product 1' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Duplicate' }).press('Enter');
    await products.getByLabel('Name').fill('Lantern');
    await settles('lists', { title: 'Lists', lines: ['Three', 'Two'], products: [{ name: 'Lamp' }, { name: 'Lantern' }, { name: 'Sofa' }] });
    await products.locator('.item').nth(2).locator('.item-handle').dragTo(products.locator('.item').nth(0));
    await settles('lists', { title: 'Lists', lines: ['Three', 'Two'], products: [{ name: 'Sofa' }, { name: 'Lamp' }, { name: 'Lantern' }] });
    await page.close();
  });

  test('what is wrong is said at the field in words, and the summary leads there', async () => {
    await insert('wrong', { title: 'x'.repeat(63), products: [{ name: 'Lamp' }, {}], price: 'free' });
    const { page, form } = await open('wrong');
    const title = form.getByLabel('Title', { exact: true });
    await form.getByText('At most 60 characters: 3 too many').first().waitFor();
    assert.equal(await title.getAttribute('aria-invalid'), 'true');
    assert.equal(await title.evaluate((element) => element.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent).join(' ')), 'At most 60 characters: 3 too many');
    await form.getByRole('button', { name: /^Products › 2 › Name/ }).press('Enter');
    await until(() => page.evaluate(() => document.activeElement.closest('[data-at]')?.dataset.at === '/products/1/name'), 'the focus to be in the field');
    await page.keyboard.type('Sofa');
    await title.fill('Right');
    await until(async () => (await form.getByRole('button', { name: /^(Title|Products)/ }).filter({ hasText: /needed|characters/ }).count()) === 0, 'the summary to be shorter');
    assert.equal(await title.getAttribute('aria-invalid'), null);
    // A value of the wrong kind is shown as it is, and never turned into another.
    await form.getByText('What stands here is a text').waitFor();
    assert.equal((await stored('wrong')).price, 'free');
    await page.close();
  });

  test('an address that could run script is refused before it is sent, and holds nothing else up', async () => {
    await insert('unsafe', { title: 'Unsafe', link: { label: 'Go', href: '/safe' } });
    const { page, form } = await open('unsafe');
    const target = form.getByRole('combobox', { name: 'Target' });
    await target.fill('java\tscript:alert(1)');
    await form.getByText('can run script').first().waitFor();
    await form.getByLabel('Title', { exact: true }).fill('Still saved');
    await settles('unsafe', { title: 'Still saved', link: { label: 'Go', href: '/safe' } });
    assert.match(await target.inputValue(), /script:alert/, 'what was typed stays, to be corrected');
    await target.fill('/better');
    await settles('unsafe', { title: 'Still saved', link: { label: 'Go', href: '/better' } });
    await page.close();
  });

  test('what has no field is edited as JSON, and so is everything', async () => {
    await insert('json', { title: 'JSON', wild: { 'x-a': 1 } });
    const { page, form } = await open('json');
    const wild = form.getByRole('textbox', { name: 'wild' });
    await wild.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{"x-a": 2, "free');
    await form.getByText('Not saved: this text is not valid JSON yet.').waitFor();
    assert.deepEqual((await stored('json')).wild, { 'x-a': 1 });
    await page.keyboard.type('": [true]}');
    await settles('json', { title: 'JSON', wild: { 'x-a': 2, free: [true] } });
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement.closest('.cm-editor')), null, 'Escape leaves the text');
    await form.getByRole('button', { name: 'Edit as JSON' }).press('Enter');
    const all = form.getByRole('textbox', { name: 'Everything in Everything' });
    await all.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{"title": "", "mine": {"b": 1}}');
    await settles('json', { title: '', mine: { b: 1 } });
    await form.getByText('This is needed').first().waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{"title": null}');
    await form.getByText('Not saved: null at /title').waitFor();
    assert.deepEqual(await stored('json'), { title: '', mine: { b: 1 } });
    await page.close();
  });

  test('what others do is shown where nobody types, undo where somebody does, and two values are a choice', async () => {
    await insert('two', { title: 'Before', maybe: 'a', link: { label: 'Go', href: '/a' } });
    const { page, form } = await open('two');
    const title = form.getByLabel('Title', { exact: true });
    const maybe = form.getByLabel('Maybe');
    const is = (field, text) => until(async () => (await field.inputValue()) === text, `the field to hold ${JSON.stringify(text)}`);
    await title.focus();
    await server.edit('home', [{ setProps: { key: 'two', patch: { maybe: 'theirs', title: 'Theirs' } } }]);
    await is(maybe, 'theirs');
    await is(title, 'Theirs');
    await page.keyboard.press('End');
    await page.keyboard.type('!');
    await settles('two', { title: 'Theirs!', maybe: 'theirs', link: { label: 'Go', href: '/a' } });
    await page.keyboard.press('Control+Z');
    await is(title, 'Theirs');
    await settles('two', { title: 'Theirs', maybe: 'theirs', link: { label: 'Go', href: '/a' } });

    await page.context().setOffline(true);
    await title.fill('Mine');
    await form.getByRole('combobox', { name: 'Target' }).fill('/mine');
    await server.edit('home', [{ setProps: { key: 'two', patch: { title: 'Other', maybe: 'other' } } }]);
    await page.context().setOffline(false);
    const choice = form.getByRole('region', { name: 'Somebody else changed this, too' });
    await choice.getByText('Other', { exact: true }).waitFor();
    assert.deepEqual((await choice.locator('dt').allTextContents()).sort(), ['Link › Target', 'Title']);
    assert.equal(await title.inputValue(), 'Mine', 'what was typed stays until somebody chooses');
    await choice.getByRole('button', { name: 'Keep mine' }).press('Enter');
    await choice.waitFor({ state: 'detached' });
    await settles('two', { title: 'Mine', maybe: 'other', link: { label: 'Go', href: '/mine' } });
    await page.close();
  });

  test('hostile schemas and props are names and texts like others', async () => {
    let deep = {};
    for (let i = 0; i < 20; i++) deep = { n: deep };
    await insert('hostile', JSON.parse(`{"__proto__":"first","constructor":{"prototype":"second"},"toString":"${'x'.repeat(100_000)}","evil":"${'a'.repeat(80)}!","deep":${JSON.stringify(deep)}}`), 'hostile');
    const { page, form } = await open('hostile');
    const began = Date.now();
    await form.getByLabel('Proto', { exact: true }).fill('third');
    await form.getByLabel('Prototype', { exact: true }).fill('fourth');
    await until(async () => {
      const props = await stored('hostile');
      return Object.getOwnPropertyDescriptor(props, '__proto__')?.value === 'third' && props.constructor.prototype === 'fourth';
    }, 'the names of prototypes to be saved');
    assert.ok(Date.now() - began < 5_000);
    assert.equal(await page.evaluate(() => ({}).third), undefined);
    assert.equal(await form.getByText('<script>alert(1)</script>').count() > 0, true);
    assert.equal((await stored('hostile')).toString.length, 100_000);
    await page.close();
  });

  test('a picture is uploaded, described and chosen again; what is none is refused in words', async () => {
    await insert('picture', { title: 'Picture' });
    await insert('again', { title: 'Again' });
    const { page, form } = await open('picture');
    const field = form.getByRole('group', { name: 'Picture' });
    const warnings = async () => (await server.graphql('{ frontend(slug: "shop") { publishPlan { problems { code blockKey } } } }')).frontend.publishPlan.problems.filter(({ code, blockKey }) => code === 'ALT_MISSING' && blockKey === 'picture').length;
    await field.locator('input[type=file]').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') });
    await field.getByRole('alert').getByText('SVG').waitFor();
    await field.locator('input[type=file]').setInputFiles({ name: 'dusk.png', mimeType: 'image/png', buffer: png(320, 200) });
    await field.getByText('dusk.png · 320 × 200').waitFor();
    await field.getByText('Describe it for people who do not see it').waitFor();
    await until(async () => (await stored('picture')).picture !== undefined, 'the picture to be saved');
    assert.deepEqual(Object.keys((await stored('picture')).picture), ['$asset']);
    assert.equal(await warnings(), 1);
    await field.getByLabel('Description').fill('A lamp at dusk');
    await until(async () => (await stored('picture')).picture.alt === 'A lamp at dusk', 'the description to be saved');
    assert.equal(await warnings(), 0);
    await until(() => field.locator('img').evaluate((image) => image.complete && image.naturalWidth > 0), 'the thumbnail');
    await page.close();

    const other = await open('again');
    const pick = other.form.getByRole('group', { name: 'Picture' });
    await pick.getByRole('button', { name: /^Library/ }).press('Enter');
    const dialog = other.page.getByRole('dialog');
    await dialog.getByLabel('Search pictures').fill('dus');
    await dialog.getByRole('list', { name: 'Pictures' }).getByRole('button').first().focus();
    await other.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await until(async () => (await stored('again')).picture?.$asset !== undefined, 'the picture to be chosen');
    assert.equal((await stored('again')).picture.$asset, (await stored('picture')).picture.$asset);
    await pick.getByRole('button', { name: 'Remove Picture' }).press('Enter');
    await settles('again', { title: 'Again' });
    await other.page.close();
  });
});
