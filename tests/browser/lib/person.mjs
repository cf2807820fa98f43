/**
 * A person at a browser of their own: signs in, fills in, presses, looks.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCREENS, open } from './browser.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');
/** Everybody who sat down, so that their faults can be looked at in the end. */
export const everybody = [];

/** Sits down, on a phone where `screen` says so. */
export async function person(browser, url, name, options = {}) {
  const { ctx, page, faults } = await open(browser, options);
  ctx.setDefaultTimeout(40_000);
  const screen = options.screen ?? 'desk';
  const field = (field, within = page) => within.locator(`[name="${field}"]`);

  const self = {
    name,
    ctx,
    page,
    faults,
    field,

    /** Opens a page and waits until what it loads is there. */
    async go(path) {
      await page.goto(url + path);
      await self.settled();
    },

    async settled() {
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    },

    async signIn(username, password) {
      await self.go('/sign-in');
      await field('username').fill(username);
      await field('password').fill(password);
      await page.getByRole('button', { name: '登录', exact: true }).click();
      await page.getByRole('button', { name: '退出登录' }).or(page.getByRole('button', { name: '菜单' })).first().waitFor();
      await page.waitForURL((now) => !now.pathname.startsWith('/sign-in'));
      await self.settled();
    },

    /** Fills fields by the names that findings call them by; those of a select are its values. */
    async fill(values, within = page) {
      for (const [key, value] of Object.entries(values)) {
        const input = field(key, within);
        if ((await input.first().evaluate((element) => element.tagName)) === 'SELECT') await input.selectOption(value);
        else await input.fill(value);
      }
    },

    press: (words, within = page) => within.getByRole('button', { name: words, exact: typeof words === 'string' }).first().click(),

    /** Presses a button that asks in a dialog, does what is to be done there, and sends it. */
    async act(words, inside = async () => undefined, submit = words) {
      await self.press(words);
      const dialog = page.locator('dialog[open]');
      await dialog.waitFor();
      await inside(dialog);
      await dialog.getByRole('button', { name: submit, exact: true }).click();
      await dialog.waitFor({ state: 'detached' }).catch(async (cause) => {
        throw new Error(`“${submit}” was not done: ${await dialog.innerText()}`, { cause });
      });
    },

    sees: (words, within = page) => within.getByText(words).first().waitFor(),

    /** Whether the live words appear without a load: the page's own mark is still there. */
    async withoutReload(work) {
      const mark = `walk-${Math.random()}`;
      await page.evaluate((value) => (globalThis.walkMark = value), mark);
      await work();
      assert.equal(await page.evaluate(() => globalThis.walkMark), mark, 'the page was loaded again');
    },

    /** Keeps what stands on the screen as a picture. */
    async keep(title) {
      await mkdir(OUT, { recursive: true });
      await page.screenshot({ path: join(OUT, `walk-${title}.png`), fullPage: true });
    },

    /** A picture on a phone and on a desk; on neither may the page be wider than the screen. */
    async picture(title) {
      for (const [kind, size] of Object.entries(SCREENS)) {
        await page.setViewportSize(size);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await self.keep(`${title}-${size.width}`);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(over, 0, `${title} is ${over} pixels too wide on a ${kind}`);
      }
      await page.setViewportSize(SCREENS[screen]);
    }
  };
  everybody.push(self);
  return self;
}

/** Faults of the pages themselves. That a call was refused is told to the console by the browser; whether that is right, the walk says. */
export const faultsOf = (who) => who.faults.filter((fault) => !/Failed to load resource|net::ERR_/.test(fault)).map((fault) => `${who.name}: ${fault}`);
