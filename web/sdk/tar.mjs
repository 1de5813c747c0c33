// The smallest tar (ustar) that npm reads: plain files with fixed times and owners, so that equal files give equal bytes.

const BLOCK = 512;
// A fixed moment: npm's own packages carry the same one, because 0 is refused by some file systems.
const MTIME = Date.UTC(1985, 9, 26, 8, 15) / 1_000;

function header(name, size, executable) {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value, at, length) => bytes.write(value.toString(8).padStart(length - 1, '0'), at, 'ascii');
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: names of more than 100 bytes are not made here`);
  bytes.write(name, 0, 'utf8');
  octal(executable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(MTIME, 136, 12);
  bytes.write('        ', 148, 'ascii');
  bytes.write('0', 156, 'ascii');
  bytes.write('ustar\u000000', 257, 'ascii');
  octal(bytes.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return bytes;
}

/** Packs files `{name, bytes, executable}` in the order of their names. */
export function tar(files) {
  const parts = [];
  for (const { name, bytes, executable } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    parts.push(header(name, bytes.length, executable), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
