// Before a start: installs what package-lock.json names, unless it is there already. Nothing of it runs scripts of its own.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** @param {string} file */
const changed = (file) => statSync(here + file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  const { status } = spawnSync('npm ci --ignore-scripts --omit=dev --no-audit --no-fund', {
    cwd: here,
    shell: true, // npm is a script of another name on Windows
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
