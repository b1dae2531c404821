import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import puppeteer from 'puppeteer-core'

const FONTS = fileURLToPath(new URL('node_modules/@expo-google-fonts', import.meta.url))

// One process for all is for machines without a kernel's sandbox; the other arguments would switch off features that
// these tests check.
const LEFT_OUT = ['--single-process', '--disable-web-security', '--allow-running-insecure-content', '--no-zygote']

/** A Chromium with fonts of its own, so that pictures look alike on every machine. */
export async function launch() {
  const folder = mkdtempSync(join(tmpdir(), 'pages-'))
  writeFileSync(join(folder, 'fonts.conf'), fontsConf(folder))
  const browser = await puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter((arg) => !LEFT_OUT.includes(arg) && !arg.startsWith('--headless')), '--lang=en-GB'],
    headless: 'shell',
    env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf'), TZ: 'UTC', LANGUAGE: 'en_GB' },
    protocolTimeout: 60_000,
  })
  return {
    browser,
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function fontsConf(folder) {
  const alias = (family, name) =>
    `<alias binding="same"><family>${family}</family><prefer><family>${name}</family></prefer></alias>`
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${FONTS}</dir><dir>/usr/share/fonts</dir><cachedir>${folder}</cachedir>
${alias('system-ui', 'Inter')}${alias('sans-serif', 'Inter')}${alias('ui-monospace', 'JetBrains Mono')}${alias('monospace', 'JetBrains Mono')}
</fontconfig>`
}
