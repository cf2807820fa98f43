/**
 * Debian's Chromium through playwright-core, set up so that it talks to nobody but the server under test.
 */
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';

const CANDIDATES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser is. Throws with the line that installs it. */
export function browserPath() {
  const found = CANDIDATES.find((path) => path && existsSync(path));
  if (!found) throw new Error('Chromium is missing; install it with: apt-get install -y chromium fonts-noto-cjk (or set CHROMIUM)');
  return found;
}

/** Starts the browser without a screen. Close it when done. */
export function launch() {
  return chromium.launch({
    executablePath: browserPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  });
}

/** The screens that the pages are made for. */
export const SCREENS = {
  phone: { width: 360, height: 740 },
  desk: { width: 1280, height: 800 }
};

/**
 * A page of its own, in Chinese and in a zone that is not Beijing's, so that a page which shows the device's time shows a wrong one.
 * Collects what went wrong in it: `faults` holds uncaught errors and console errors.
 */
export async function open(browser, { screen = 'desk', dark = false, lang = 'zh', ...context } = {}) {
  const ctx = await browser.newContext({
    viewport: SCREENS[screen],
    colorScheme: dark ? 'dark' : 'light',
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
    ...context
  });
  await ctx.addInitScript((chosen) => localStorage.setItem('sanbian.lang', localStorage.getItem('sanbian.lang') ?? chosen), lang);
  const page = await ctx.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return { ctx, page, faults };
}
