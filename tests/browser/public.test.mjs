/**
 * The public pages and those of a bidder, against an exchange made up for it: that they fit a phone, can be read by everyone, speak both languages,
 * and do what they say.
 */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { launch, open } from './lib/browser.mjs';
import { asBidder, refusal, standIn } from './lib/standin.mjs';
import { id } from './lib/samples.mjs';

const CERTIFICATE = '/certificates/JZ-500236-2026-000007';
/** Each page, and whether a bidder is signed in. */
const PAGES = [
  ['/market'],
  ['/market?state=all&q=%E5%95%86%E9%93%BA&category=forest'],
  ['/results'],
  [`/lots/${id(1)}`],
  [`/lots/${id(2)}`],
  [`/lots/${id(3)}`],
  [`/lots/${id(5)}`],
  [`/lots/${id(6)}`],
  [`/lots/${id(77)}`],
  [`/lots/${id(2)}/room`],
  [`/lots/${id(2)}/room`, true],
  [`/lots/${id(6)}/room`],
  [`/lots/${id(1)}/room`],
  [`/lots/${id(1)}/register`],
  [`/lots/${id(1)}/register`, true],
  ['/rulebooks/00'],
  [CERTIFICATE],
  ['/log'],
  ['/log?subject=lot:none'],
  ['/log/9'],
  ['/my/profile', true],
  ['/my/registrations', true],
  ['/my/deposits', true],
  ['/my/bids', true],
  ['/my/contracts', true],
  [`/my/contracts/${id(400)}`, true],
  [`/my/contracts/${id(401)}`, true],
  ['/my/registrations']
];

let site;
let browser;

before(async () => {
  site = await standIn();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** Opens a page and waits until what it loads is there. A live feed never rests, so that the network's rest is nothing to wait for. */
async function visit(path, { bidder = false, at = site, ...options } = {}) {
  const opened = await open(browser, options);
  if (bidder) await asBidder(opened.ctx);
  await opened.page.goto(at.url + path);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  await opened.page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
  return opened;
}

/** A stand-in of its own, for tests that change it. */
async function own(work) {
  const mine = await standIn();
  try {
    await work(mine);
  } finally {
    await mine.close();
  }
}

const name = (path, bidder) => `${path.replaceAll(/0{4,}/g, '…')}${bidder ? ' as a bidder' : ''}`;

for (const [path, bidder] of PAGES) {
  test(`${name(path, bidder)} fits a phone of 360 pixels, can be read by everyone and raises no fault, in both languages`, async () => {
    for (const look of [{ lang: 'zh' }, { lang: 'en', dark: true }]) {
      const { ctx, page, faults } = await visit(path, { bidder, screen: 'phone', ...look });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(over, 0, look.lang);
      for (const fold of await page.locator('details > summary').all()) await fold.click();
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
      assert.deepEqual(violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`)), [], look.lang);
      // What is not there is answered with 404, which a browser notes; the page then says so.
      assert.deepEqual(faults.filter((fault) => !/status of 40[34]/.test(fault)), []);
      await ctx.close();
    }
  });
}

test('a search stands in the address, goes back with the browser, and says when nothing fits', async () => {
  const { ctx, page } = await visit('/market', { screen: 'phone' });
  assert.equal(await page.locator('article.lot').count(), 5);
  await page.getByRole('searchbox').fill('商铺');
  await page.getByRole('button', { name: '查找' }).click();
  await page.waitForURL(/\?q=/);
  await page.getByText('已全部显示，共 1 条').waitFor();
  await page.getByRole('link', { name: '已结束' }).click();
  await page.getByText('没有符合条件的标的').waitFor();
  assert.match(page.url(), /q=.*state=done|state=done.*q=/);
  await page.goBack();
  await page.getByText('已全部显示，共 1 条').waitFor();
  await page.getByRole('button', { name: '筛选' }).click();
  await page.getByLabel('面积不少于').fill('很多');
  await page.getByRole('button', { name: '应用' }).click();
  await page.getByText('请填写大于零的数字。').waitFor();
  await page.getByLabel('面积不少于').fill('１00 亩');
  await page.getByLabel('亩价不高于').fill('0.1万');
  await page.getByRole('button', { name: '应用' }).click();
  await page.waitForURL(/min_mu=100/);
  assert.equal(await page.getByLabel('亩价不高于').inputValue(), '1,000');
  await page.getByRole('button', { name: '清除条件' }).click();
  await page.waitForURL((url) => !url.search.includes('min_mu'));
  await ctx.close();
});

test('the market says that the server is out of reach, and tries again', async () => {
  const { ctx, page } = await open(browser, {});
  await page.route('**/api/v1/lots?**', (route) => route.abort());
  await page.goto(`${site.url}/market`);
  await page.getByText('连不上服务器').waitFor();
  await page.unroute('**/api/v1/lots?**');
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByText('已全部显示，共 5 条').waitFor();
  await ctx.close();
});

test('an announcement says its terms in words, in both languages, with amounts on every basis', async () => {
  const { ctx, page } = await visit(`/lots/${id(1)}`, { screen: 'phone' });
  for (const text of [
    '820 元/亩/年', '1,598,535.44 元', '人民币壹佰伍拾玖万捌仟伍佰叁拾伍元肆角肆分', '第 2 年起每年在上期基础上递增 2%', '2 人以上增价竞价，不足 2 人协议（公开协商）',
    '本集体经济组织成员＞原承租（承包）人', '一年一付，先付后用', '不得改变农业用途，不得抛荒。', '中位数', '835 元/亩/年'
  ]) {
    assert.ok((await page.locator('main').innerText()).includes(text), text);
  }
  await page.getByRole('link', { name: '我要报名' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('2 % every year from year 2, on the rent before').waitFor();
  await ctx.close();
});

test('a lot that stands still, and one that was corrected, say so first', async () => {
  const still = await visit(`/lots/${id(5)}`);
  await still.page.getByText('本标的已中止').waitFor();
  assert.equal(await still.page.getByRole('link', { name: '我要报名' }).count(), 0);
  await still.ctx.close();
  const corrected = await visit(`/lots/${id(3)}`);
  await corrected.page.getByText('保证金由 5000 元更正为 4800 元。').waitFor();
  await corrected.page.getByText('公告第 2 版').waitFor();
  await corrected.ctx.close();
});

test('the life of a lot leads to the log, whose proof the page checks by itself', async () => {
  const { ctx, page } = await visit(`/lots/${id(6)}`);
  const step = page.getByRole('listitem').filter({ hasText: '公告与报名' });
  await step.getByRole('link', { name: '账本证明' }).click();
  await page.getByText('标的公告，编号 SF-2026-0006，保证金 61,400 元。').waitFor();
  await page.getByText('已在本机核对：这条记录在账本里').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载证明' }).click();
  assert.equal((await download).suggestedFilename(), 'entry-4.tlog-proof');
  await ctx.close();
});

test('an entry that was tampered with is not believed', () =>
  own(async (mine) => {
    const proof = mine.world.log.inclusion(4);
    mine.overrides.set('GET /api/v1/ledger/entries/4/proof', { body: { ...proof, entry: { ...proof.entry, entry: proof.entry.entry.replace('6140000', '6150000') } } });
    const { ctx, page } = await visit('/log/4', { at: mine });
    await page.getByText('核对失败').waitFor();
    await ctx.close();
  }));

test('a certificate shows all its fields and what the log says of it, and says when it was revoked or differs', () =>
  own(async (mine) => {
    const { ctx, page } = await visit(CERTIFICATE, { at: mine });
    for (const text of ['JZ-500236-2026-000007', 'HT-2026-0007', '人民币壹佰捌拾柒万壹仟肆佰伍拾陆元壹角贰分', '5002**********551X', '示范县农村产权交易中心', '960 元/亩/年']) {
      await page.getByText(text).first().waitFor();
    }
    await page.getByText('已核对：账本中记录的摘要与本鉴证书一致。').waitFor();
    assert.ok(await page.getByAltText('二维码').evaluate((image) => image.naturalWidth > 0));
    mine.overrides.set(`GET /api/v1${CERTIFICATE}`, { body: { ...mine.world.certificate, status: 'revoked', digest: 'ab'.repeat(32) } });
    await page.reload();
    await page.getByText('这份鉴证书已被撤销，不再有效。').waitFor();
    await page.getByText('核对失败').waitFor();
    await ctx.close();
  }));

test('the log can be searched by a lot’s bare id and by kind', async () => {
  const { ctx, page } = await visit('/log', { screen: 'phone' });
  await page.getByLabel('对象').fill(id(6).toUpperCase());
  await page.getByLabel('种类').selectOption('bid.placed');
  await page.getByRole('button', { name: '查找', exact: true }).click();
  await page.waitForURL(/subject=lot%3A0197.*kind=bid\.placed/);
  await page.getByText('已全部显示，共 1 条').waitFor();
  await page.getByText('5 号第 1 次出价 960 元。').waitFor();
  await ctx.close();
});

test('a room shows offers as they happen, says who leads, and keeps who watches informed', () =>
  own(async (mine) => {
    const { ctx, page } = await visit(`/lots/${id(2)}/room`, { at: mine, bidder: true, screen: 'phone' });
    await page.getByText('您已被超过', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^出价 900 元/ }).click();
    await page.getByText('您领先', { exact: true }).waitFor();
    await page.getByText('出价已受理：900 元/亩/年').waitFor();
    // Who leads is offered no further step: a second press must not outbid the first.
    assert.ok(await page.getByRole('button', { name: /^出价 910 元/ }).isDisabled());
    assert.deepEqual(mine.calls.filter(({ key }) => key.endsWith('/bids')).map(({ body }) => body), [{ amount_fen: 90_000, kind: 'bid', outlier_confirmed: false }]);
    assert.match(mine.calls.at(-1).idempotency, /^[0-9a-f-]{36}$/);

    mine.room.bid(3, 93_000, { ends_at: new Date(Date.now() + 50 * 60_000).toISOString() });
    await page.getByText('您已被超过', { exact: true }).waitFor();
    await page.locator('[role=alert]', { hasText: '您已被超过：3 号出价 930 元/亩/年' }).waitFor({ state: 'attached' });
    await page.locator('[role=status]', { hasText: '结束时间顺延至' }).waitFor({ state: 'attached' });
    assert.deepEqual((await page.locator('tbody tr').first().innerText()).split('\n')[0].split('\t').slice(0, 2), ['7', '3 号']);

    mine.room.tell('phase', { phase: 'suspended' });
    await page.getByText('时间停止计算').waitFor();
    mine.room.tell('phase', { phase: 'free' });
    await page.getByRole('button', { name: /^出价 940 元/ }).waitFor();

    mine.room.place = { lot_id: id(2), number: 5, leads: false, own_fen: 90_000, may_match: false, won: false };
    mine.room.tell('closed', { phase: 'closed', outcome: 'sold', winner: 3, next_fen: null });
    await page.getByText('3 号竞买人成交').waitFor();
    await page.getByText('保证金会按原路退回。').waitFor();
    assert.equal(await page.getByRole('button', { name: /^出价/ }).count(), 0);
    await ctx.close();
  }));

test('an amount far above the price is asked about again, and then sent as meant', () =>
  own(async (mine) => {
    const { ctx, page } = await visit(`/lots/${id(2)}/room`, { at: mine, bidder: true, screen: 'phone' });
    const input = page.getByLabel('自定金额');
    await input.fill('880');
    await page.getByText('低于最低可出价 900 元/亩/年。').waitFor();
    await input.fill('8900');
    await page.getByText('人民币捌仟玖佰元整').waitFor();
    await page.getByRole('button', { name: '按此金额出价' }).click();
    const dialog = page.getByRole('dialog', { name: '请再次核对金额' });
    await dialog.getByText('10 倍').waitFor();
    await dialog.getByText('17,349,957.82').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(mine.room.state.leading_fen, 89_000);
    await page.getByRole('button', { name: '按此金额出价' }).click();
    await dialog.getByRole('button', { name: '金额无误，继续' }).click();
    await page.getByText('您领先', { exact: true }).waitFor();
    assert.deepEqual(mine.calls.filter(({ key }) => key.endsWith('/bids')).map(({ body }) => body.outlier_confirmed), [false, false, true]);
    await ctx.close();
  }));

test('a priority right is used by one press at the leading price', () =>
  own(async (mine) => {
    const { ctx, page } = await visit(`/lots/${id(2)}/room`, { at: mine, bidder: true });
    await page.getByRole('button', { name: '按同价行使优先权 890 元/亩/年' }).click();
    await page.getByText('您领先', { exact: true }).waitFor();
    await page.getByText('同价优先').waitFor();
    assert.deepEqual(mine.calls.at(-1).body, { amount_fen: 89_000, kind: 'match', outlier_confirmed: false });
    await ctx.close();
  }));

test('a refused offer says why, and an offer without an answer is repeated as the same', () =>
  own(async (mine) => {
    const key = `POST /api/v1/lots/${id(2)}/bids`;
    const { ctx, page } = await visit(`/lots/${id(2)}/room`, { at: mine, bidder: true });
    mine.overrides.set(key, refusal(409, 'auction.ended', '竞价已经结束。', 'The auction has ended.'));
    await page.getByRole('button', { name: /^出价 900 元/ }).click();
    await page.getByText('竞价已经结束。').waitFor();
    mine.overrides.set(key, { status: 500, type: 'application/problem+json', body: { title: 'x', status: 500, findings: [] } });
    await page.getByRole('button', { name: /^出价 900 元/ }).click();
    await page.getByText('系统出现故障').waitFor();
    mine.overrides.delete(key);
    await page.getByRole('button', { name: /^出价 900 元/ }).click();
    await page.getByText('您领先', { exact: true }).waitFor();
    const keys = mine.calls.filter((call) => call.key === key).map(({ idempotency }) => idempotency);
    assert.equal(keys.length, 3);
    assert.notEqual(keys[0], keys[1]);
    assert.equal(keys[1], keys[2]);
    await ctx.close();
  }));

test('a broken line is said, and what was missed is there once it is back', () =>
  own(async (mine) => {
    const { ctx, page } = await visit(`/lots/${id(2)}/room`, { at: mine });
    await page.getByText('实时', { exact: true }).waitFor();
    await ctx.setOffline(true);
    mine.room.hangUp();
    await page.getByText('连接中断，正在重连').waitFor();
    mine.room.bid(2, 91_000);
    mine.room.bid(5, 95_000);
    await ctx.setOffline(false);
    await page.getByText('实时', { exact: true }).waitFor({ timeout: 20_000 });
    await page.getByRole('cell', { name: '950 元/亩/年' }).waitFor();
    await page.getByRole('cell', { name: '910 元/亩/年' }).waitFor();
    await ctx.close();
  }));

test('who is not admitted may watch and is told why they can’t bid', () =>
  own(async (mine) => {
    mine.overrides.set(`GET /api/v1/lots/${id(2)}/my-place`, refusal(403, 'bid.admitted', '您不是本标的的竞买人。', 'You are not admitted.'));
    const { ctx, page } = await visit(`/lots/${id(2)}/room`, { at: mine, bidder: true });
    await page.getByText('您没有参加本标的的竞价').waitFor();
    await ctx.close();
    const visitor = await visit(`/lots/${id(2)}/room`, { at: mine });
    const link = visitor.page.getByRole('link', { name: '登录后出价' });
    assert.equal(await link.getAttribute('href'), `/sign-in?to=${encodeURIComponent(`/lots/${id(2)}/room`)}`);
    await visitor.ctx.close();
  }));

test('a bidder is led from the announcement over the own party to the registration and its deposit', () =>
  own(async (mine) => {
    mine.forgetParty();
    const { ctx, page } = await visit(`/lots/${id(1)}`, { at: mine, bidder: true, screen: 'phone' });
    await page.getByRole('link', { name: '我要报名' }).click();
    await page.getByRole('link', { name: '去登记' }).click();
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.getByText('请填写。').first().waitFor();
    await page.getByRole('radio', { name: '企业' }).check();
    await page.getByLabel('法定代表人').waitFor();
    await page.getByRole('radio', { name: '自然人' }).check();
    await page.getByLabel('姓名').fill('张某');
    assert.equal(await page.getByLabel('户名').inputValue(), '张某');
    await page.getByLabel('公民身份号码').fill('11010119900307551x');
    await page.getByLabel('手机号').fill('138 0000 0000');
    await page.getByLabel('通讯地址').fill('某村');
    await page.getByLabel('开户银行及网点').fill('农信社');
    await page.getByLabel('账号').fill('6222 0000 1111');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.getByRole('link', { name: '继续报名' }).click();
    const sent = mine.calls.find(({ key }) => key === 'POST /api/v1/parties').body;
    assert.deepEqual([sent.identity_number, sent.mobile, sent.bank_account.number], ['11010119900307551X', '13800000000', '622200001111']);

    await page.getByRole('radio', { name: /本集体经济组织成员/ }).check();
    await page.getByRole('button', { name: '提交报名' }).click();
    await page.getByText('主张优先权须附证明。').waitFor();
    await page.getByText('请先阅读并勾选。').waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: '证明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('abc') });
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '提交报名' }).click();
    await page.waitForURL(/\/my\/registrations#r-/);
    const filed = mine.calls.find(({ key }) => key.endsWith('/registrations')).body;
    assert.deepEqual([filed.revision, filed.priority_claim, filed.accepts_terms, filed.documents[0].name], [1, 'member', true, '证明.pdf']);
    await page.getByText('SB7K-2M9Q-XH').first().waitFor();
    await ctx.close();
  }));

test('a registration is confirmed after a correction, and withdrawn only when asked again', () =>
  own(async (mine) => {
    mine.world.lots.push({ ...mine.world.lots[2], id: id(21), revision: 3 });
    const { ctx, page } = await visit('/my/registrations', { at: mine, bidder: true });
    await page.getByRole('button', { name: '确认更正，继续报名' }).click();
    await page.getByText('已确认，报名继续有效。').waitFor();
    assert.deepEqual(mine.calls.at(-1).body, { revision: 3 });
    const first = page.getByRole('article').first();
    await first.getByRole('button', { name: '撤回报名' }).click();
    const dialog = page.getByRole('dialog', { name: '撤回报名？' });
    await dialog.getByRole('button', { name: '不撤回' }).click();
    assert.ok(!mine.calls.some(({ key }) => key.endsWith('/withdraw')));
    await first.getByRole('button', { name: '撤回报名' }).click();
    await dialog.getByRole('button', { name: '撤回报名' }).click();
    await first.getByText('已撤回').waitFor();
    await ctx.close();
  }));

test('a contract is signed by the digest that is shown, after it was read', () =>
  own(async (mine) => {
    const { ctx, page } = await visit(`/my/contracts/${id(400)}`, { at: mine, bidder: true, screen: 'phone' });
    await page.getByRole('button', { name: '签订合同' }).click();
    const dialog = page.getByRole('dialog', { name: '确认签订？' });
    assert.ok(await dialog.getByRole('button', { name: '签订合同' }).isDisabled());
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: '签订合同' }).click();
    await page.getByText('受让方已签').waitFor();
    assert.equal(await dialog.isVisible(), false);
    assert.equal(mine.calls.at(-1).body.digest, mine.world.contracts[0].digest);
    await ctx.close();
    const signed = await visit(`/my/contracts/${id(401)}`, { at: mine, bidder: true });
    for (const text of ['317,930.56 元', 'SC4H-6J2R-VD', '500236010100012345', '人民币叁拾壹万柒仟玖佰叁拾元零伍角陆分']) await signed.page.getByText(text).first().waitFor();
    await signed.ctx.close();
  }));

test('a page of a bidder asks a visitor to sign in and comes back', async () => {
  const { ctx, page } = await visit('/my/deposits', {});
  await page.getByText('请先登录').waitFor();
  const href = await page.locator('main').getByRole('link', { name: '登录' }).getAttribute('href');
  assert.equal(href, '/sign-in?to=%2Fmy%2Fdeposits');
  await ctx.close();
});
