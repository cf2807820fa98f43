/**
 * The pages by themselves, without a server behind: that they fit a phone, can be read by everyone, speak both languages, stay small, and say so
 * when the server is out of reach.
 */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { launch, open } from './lib/browser.mjs';
import { serve } from './lib/static.mjs';

const PAGES = ['/', '/about', '/verify', '/sign-in', '/sign-up', '/me', '/kit', '/nowhere'];
const CHECKPOINT = 'sanbian.test/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— sanbian.test/log AAAA\n';

/** How far the server's clock is from this machine's. */
let aheadMs = 0;
/** What else the server answers, by `METHOD path`. */
let answers = {};
let site;
let browser;

before(async () => {
  site = await serve((method, path) => {
    const given = answers[`${method} ${path}`];
    if (given) return given;
    if (path === '/api/v1/time') return { body: { now: new Date(Date.now() + aheadMs).toISOString() } };
    if (path === '/ledger/checkpoint') return { body: CHECKPOINT, type: 'text/plain' };
    if (path === '/ledger/vkey') return { body: 'sanbian.test/log+00000000+AAAA\n', type: 'text/plain' };
    return undefined;
  });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function visit(path, options) {
  const opened = await open(browser, options);
  await opened.page.goto(site.url + path);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  await opened.page.waitForLoadState('networkidle');
  return opened;
}

for (const path of PAGES) {
  for (const lang of ['zh', 'en']) {
    test(`${path} fits a phone of 360 pixels (${lang})`, async () => {
      const { ctx, page } = await visit(path, { screen: 'phone', lang });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(over, 0);
      await ctx.close();
    });
  }

  for (const look of [{ lang: 'zh' }, { lang: 'en', dark: true }, { lang: 'zh', screen: 'phone' }]) {
    test(`${path} can be read by everyone (${JSON.stringify(look)})`, async () => {
      const { ctx, page } = await visit(path, look);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
      const told = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`));
      assert.deepEqual(told, []);
      await ctx.close();
    });
  }

  test(`${path} raises no fault in the browser`, async () => {
    const { ctx, faults } = await visit(path, {});
    // The kit itself reports an address that leads nowhere; that is the page's purpose.
    assert.deepEqual(faults.filter((fault) => !/Not found: \/nowhere/.test(fault)), []);
    await ctx.close();
  });
}

// Of it about 31 kB are Svelte and SvelteKit's router.
test('the first page is small: scripts below 48 kB with gzip in few files, and nothing from elsewhere', async () => {
  const { ctx, page } = await open(browser, {});
  const scripts = [];
  const hosts = new Set();
  page.on('response', (response) => {
    hosts.add(new URL(response.url()).host);
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await page.goto(site.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const size = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  console.log(`# first page: ${scripts.length} scripts, ${size} bytes with gzip`);
  assert.ok(size > 0 && size < 48_000, `${size} bytes`);
  assert.ok(scripts.length <= 10, `${scripts.length} scripts`);
  assert.deepEqual([...hosts], [new URL(site.url).host]);
  await ctx.close();
});

test('the header does not move while the page comes up', async () => {
  const { ctx, page } = await open(browser, { screen: 'phone' });
  await page.goto(site.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const shift = await page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value))).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 300);
      })
  );
  assert.ok(shift < 0.05, `layout shift ${shift}`);
  await ctx.close();
});

test('the language switch changes the page, its tag and its title, and is remembered', async () => {
  const { ctx, page } = await visit('/about', {});
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'How it works');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.match(await page.title(), /^How it works/);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'How it works' }).waitFor();
  await ctx.close();
});

test('the clock is the server’s, in Beijing, and says when it was moved', async () => {
  aheadMs = 3 * 86_400_000;
  const { ctx, page } = await visit('/', {});
  await page.getByText('演示时钟').waitFor();
  const shown = await page.locator('.clock .time').textContent();
  const beijing = new Date(Date.now() + aheadMs + 8 * 3_600_000).toISOString().slice(11, 16);
  assert.equal(shown.slice(0, 5), beijing);
  aheadMs = 0;
  await ctx.close();
});

test('everything can be reached with the keyboard, the content first of all', async () => {
  const { ctx, page } = await visit('/', {});
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '跳到正文');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await ctx.close();
});

test('an amount shows its capitals and its total while it is typed, and an odd one is asked about again', async () => {
  const { ctx, page } = await visit('/kit', { screen: 'phone' });
  const input = page.getByLabel('出价', { exact: true });
  await input.fill('8.2万');
  await page.getByText('人民币捌万贰仟元整').waitFor();
  await input.fill('8,20');
  await input.blur();
  await page.getByText('无法识别这个金额').waitFor();
  await input.fill('8200');
  await page.getByText('15,358,600').waitFor();
  await page.getByRole('button', { name: '异常报价再确认' }).click();
  const dialog = page.getByRole('dialog', { name: '请再次核对金额' });
  await dialog.getByText('10 倍').waitFor();
  assert.equal((await page.evaluate(() => document.activeElement.textContent)).trim(), '返回修改');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await ctx.close();
});

test('a file shows its digest before it is sent', async () => {
  const { ctx, page } = await visit('/kit', {});
  await page.locator('input[type=file]').setInputFiles({ name: 'minutes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('abc') });
  const digest = page.locator('.files .hex');
  await digest.waitFor();
  assert.equal(await digest.getAttribute('title'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  await ctx.close();
});

test('the zoomable map takes the place of the drawing, or says that it can’t', async () => {
  const { ctx, page } = await visit('/kit', {});
  const frame = page.locator('.frame').first();
  const before = await frame.boundingBox();
  await page.getByRole('button', { name: '打开可缩放地图' }).click();
  await page.locator('.live.shown canvas, [role=status]:has-text("示意图仍然准确")').first().waitFor();
  assert.deepEqual((await frame.boundingBox()).height, before.height);
  await ctx.close();
});

test('signing in goes on where the person came from, and a refusal says why', async () => {
  answers = {
    'POST /api/v1/session': {
      status: 401,
      type: 'application/problem+json',
      body: {
        title: 'refused',
        status: 401,
        findings: [{ rule: 'session.password', basis: '-', severity: 'refusal', message: { zh: '账号或密码不对', en: 'Wrong account or password' }, remedy: { zh: '请重试', en: 'Try again' }, facts: {} }]
      }
    }
  };
  const { ctx, page } = await visit('/sign-in?to=%2Fabout', {});
  await page.getByRole('button', { name: '登录', exact: true }).click();
  assert.equal(await page.getByText('请填写。').count(), 2);
  await page.getByLabel('账号').fill('bidder');
  await page.getByLabel(/^密码/).fill('wrong');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('账号或密码不对').waitFor();
  answers['POST /api/v1/session'] = { body: { access_token: 'T', account: { id: 'a', username: 'bidder', display_name: '演示竞买人' }, grants: [{ role: 'bidder', region: '' }] } };
  await page.getByLabel(/^密码/).fill('right');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: '交易流程' }).waitFor();
  await page.getByRole('link', { name: '我的报名' }).waitFor();
  // Signing out in one tab ends the session in the other.
  const other = await ctx.newPage();
  answers['POST /api/v1/session/refresh'] = { body: { access_token: 'T2', account: { id: 'a', username: 'bidder', display_name: '演示竞买人' }, grants: [{ role: 'bidder', region: '' }] } };
  await other.goto(site.url);
  await other.getByRole('link', { name: '我的报名' }).waitFor();
  answers['DELETE /api/v1/session'] = { status: 204, body: '' };
  await other.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('link', { name: '登录', exact: true }).waitFor();
  answers = {};
  await ctx.close();
});

test('a demonstration offers its accounts, and asks for them once', async () => {
  let asked = 0;
  answers = {
    'GET /api/v1/time': { body: { now: new Date().toISOString(), movable: true } },
    get 'GET /api/v1/demo'() {
      asked += 1;
      return { body: { accounts: [{ username: 'chair', password: 'known-to-all', zh: '东风村集体负责人', en: 'Chair of Dongfeng' }] } };
    },
    'POST /api/v1/session': { body: { access_token: 'T', account: { id: 'a', username: 'chair', display_name: '负责人' }, grants: [{ role: 'chair', region: '' }] } }
  };
  const { ctx, page } = await visit('/sign-in?to=%2Fabout', {});
  const button = page.getByRole('button', { name: '东风村集体负责人' });
  await button.waitFor();
  await page.waitForTimeout(2_500);
  assert.equal(asked, 1);
  await button.click();
  await page.getByRole('link', { name: '标的草稿' }).waitFor();
  answers = {};
  await ctx.close();
});

test('whoever must change the password is led there', async () => {
  answers = {
    'POST /api/v1/session': { body: { access_token: 'T', account: { id: 'a', username: 'new', display_name: '新账号', must_change_password: true }, grants: [] } },
    'GET /api/v1/sessions': { body: { items: [] } },
    'POST /api/v1/me/password': { body: { access_token: 'T2', account: { id: 'a', username: 'new', display_name: '新账号' }, grants: [{ role: 'finance', region: '' }] } }
  };
  const { ctx, page } = await visit('/sign-in', { screen: 'phone' });
  await page.getByLabel('账号').fill('new');
  await page.getByLabel(/^密码/).fill('given-by-admin');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('请先修改密码').waitFor();
  await page.getByLabel('现在的密码').fill('given-by-admin');
  await page.getByLabel('新密码').fill('chosen-by-myself');
  await page.getByRole('button', { name: '修改密码' }).click();
  await page.getByText('密码已修改').waitFor();
  await page.getByText('交易中心财务').waitFor();
  answers = {};
  await ctx.close();
});

test('a server out of reach is said, with a way to try again', async () => {
  const { ctx, page } = await open(browser, {});
  await page.route('**/ledger/**', (route) => route.abort());
  await page.goto(`${site.url}/verify`);
  await page.getByText('连不上服务器').first().waitFor();
  await page.unroute('**/ledger/**');
  await page.getByRole('button', { name: '重试' }).first().click();
  await page.getByText('sanbian.test/log+00000000').waitFor();
  await ctx.close();
});
