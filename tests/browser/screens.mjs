/**
 * Takes pictures of pages into a folder: node screens.mjs OUT [PATH…]. With SANBIAN_URL it looks at a running installation, else at the built pages.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, open } from './lib/browser.mjs';
import { serve } from './lib/static.mjs';

const [out = 'out', ...paths] = process.argv.slice(2);
const here = process.env.SANBIAN_URL
  ? { url: process.env.SANBIAN_URL, close: async () => undefined }
  : await serve((_, path) => (path === '/api/v1/time' ? { body: { now: new Date().toISOString() } } : undefined));
const browser = await launch();
await mkdir(out, { recursive: true });
for (const path of paths.length > 0 ? paths : ['/', '/kit', '/about', '/verify', '/sign-in', '/nowhere']) {
  for (const [screen, dark, lang] of [['phone', false, 'zh'], ['desk', false, 'zh'], ['desk', true, 'en']]) {
    const { ctx, page, faults } = await open(browser, { screen, dark, lang });
    await page.goto(here.url + path);
    await page.waitForLoadState('networkidle');
    const name = `${path.replaceAll('/', '_').slice(1) || 'home'}-${screen}${dark ? '-dark' : ''}-${lang}.png`;
    await page.screenshot({ path: join(out, name), fullPage: true });
    if (faults.length > 0) console.log(name, faults);
    await ctx.close();
  }
}
await browser.close();
await here.close();
