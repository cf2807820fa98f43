/**
 * The offices' pages by themselves, with a server's answers stood in: that each fits a phone, can be read by everyone and raises no fault; that
 * findings stand at their fields, sums are shown while typing, refusals leave what was typed, and nobody's page asks for what is not theirs.
 */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { launch, open } from './lib/browser.mjs';
import { answers, F, refused, U } from './lib/offices.mjs';
import { serve } from './lib/static.mjs';

/** Every page, with who works there. */
const PAGES = [
  ['/work', 'clerk'],
  ['/work/assets', 'clerk'],
  ['/work/assets/new', 'clerk'],
  [`/work/assets/${U(50)}`, 'clerk'],
  [`/work/assets/${U(50)}/edit`, 'clerk'],
  ['/work/drafts', 'clerk'],
  ['/work/drafts/new', 'clerk'],
  [`/work/drafts/${U(100)}`, 'chair'],
  [`/work/drafts/${U(102)}`, 'chair'],
  [`/work/drafts/${U(103)}`, 'chair'],
  ['/work/lots', 'chair'],
  ['/work/contracts', 'chair'],
  [`/work/contracts/${U(400)}`, 'chair'],
  ['/work/collectives', 'clerk'],
  [`/work/collectives/${U(1)}`, 'clerk'],
  ['/work/collectives/new', 'operator'],
  ['/work/review', 'township-reviewer'],
  [`/work/review/${U(110)}`, 'township-reviewer'],
  ['/work/exchange', 'operator'],
  [`/work/exchange/announce/${U(111)}`, 'operator'],
  ['/work/exchange/lots', 'operator'],
  [`/work/exchange/lots/${U(103)}`, 'operator'],
  [`/work/exchange/lots/${U(103)}/correct`, 'operator'],
  ['/work/exchange/certificates', 'operator'],
  ['/work/finance', 'finance'],
  ['/work/finance/deposits', 'finance'],
  ['/work/finance/lines', 'finance'],
  ['/work/finance/payouts', 'finance'],
  ['/work/finance/books', 'finance'],
  [`/work/finance/books/${U(821)}`, 'finance'],
  ['/work/cases', 'supervisor'],
  [`/work/cases/${U(104)}`, 'supervisor'],
  ['/work/alerts', 'supervisor'],
  ['/work/accounts', 'administrator']
];

let site;
let browser;
/** Who is signed in, what is answered otherwise than usual, and what was asked. */
let roles = [];
let given = {};
let asked = [];

before(async () => {
  site = await serve((method, path) => given[`${method} ${path}`] ?? answers(roles, asked)(method, path));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function visit(path, who, options = {}, otherwise = {}) {
  [roles, given, asked] = [[who], otherwise, []];
  const opened = await open(browser, options);
  await opened.ctx.addInitScript(() => localStorage.setItem('sanbian.signed-in', '1'));
  await opened.page.goto(site.url + path);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  await opened.page.waitForLoadState('networkidle');
  return opened;
}

const over = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [path, who] of PAGES) {
  const name = path.replace(/0197[0-9a-f-]+/g, '…');
  test(`${name} fits a phone, can be read by everyone and raises no fault (${who})`, async () => {
    const { ctx, page, faults } = await visit(path, who, { screen: 'phone' });
    assert.equal(await over(page), 0);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    assert.deepEqual(
      violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`)),
      []
    );
    assert.deepEqual(faults, []);
    // The same in English, whose words are longer.
    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await over(page), 0);
    await ctx.close();
  });
}

test('a finding stands at the field it is about, with its basis one press away', async () => {
  const { ctx, page } = await visit(`/work/drafts/${U(100)}`, 'clerk');
  const deposit = page.getByLabel('保证金', { exact: true });
  await page.waitForFunction(() => document.querySelector('[name=deposit]')?.getAttribute('aria-invalid') === 'true');
  const described = await deposit.evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ')
  );
  assert.match(described, /保证金应为首年租金的 5% 至 20%/);
  assert.match(described, /deposit\.share/);
  // What is about the decision is said where the decision is, not among the terms.
  await page.getByText('还没有通过的民主决策').first().waitFor();
  await page.getByText('1 项不予通过').first().waitFor();
  await ctx.close();
});

test('the two thirds of all are reckoned while the vote is written down', async () => {
  const { ctx, page } = await visit(`/work/drafts/${U(100)}`, 'chair');
  await page.getByLabel('应到人数').fill('300');
  await page.getByLabel('实到人数').fill('200');
  await page.getByLabel('赞成').fill('150');
  await page.getByText('全体 300 人的三分之二为 200 人').waitFor();
  await page.getByText('赞成 150 人，还差 50 人').waitFor();
  await page.getByText('虽达到到会 200 人的三分之二').waitFor();
  await page.getByLabel('赞成').fill('200');
  await page.getByText('赞成 200 人，达到').waitFor();
  await ctx.close();
});

test('the rules are asked again once the typing pauses, with what was typed', async () => {
  const { ctx, page } = await visit(`/work/drafts/${U(100)}`, 'clerk');
  const next = page.waitForRequest((request) => request.url().endsWith('/drafts/check') && /四十年/.test(request.postData() ?? ''));
  await page.getByLabel('标的名称').fill('三岔村四十年');
  const sent = JSON.parse((await next).postData());
  // What the form does not touch goes along as it was.
  assert.equal(sent.notice.title, '三岔村四十年');
  assert.deepEqual(sent.notice.price.escalator, { kind: 'percent', percent: '2', every_years: 1, from_year: 2, compounding: true });
  await page.getByText('有未保存的修改', { exact: true }).waitFor();
  await ctx.close();
});

test('a reviewer’s refusal by four eyes is said with its rule, and the verdict stays typed', async () => {
  const { ctx, page } = await visit(`/work/review/${U(110)}`, 'township-reviewer');
  await page.getByRole('button', { name: '提交审核意见' }).click();
  await page.getByText('请选择通过或退回').waitFor();
  await page.getByRole('radio', { name: /退回/ }).check();
  await page.getByRole('button', { name: '提交审核意见' }).click();
  await page.getByText('退回时请写明理由').waitFor();
  assert.ok(!asked.some((call) => call.endsWith('/review')));
  await page.getByLabel('理由').fill('四至不清。');
  await page.getByRole('button', { name: '提交审核意见' }).click();
  await page.getByText('您曾起草或提交本标的').waitFor();
  assert.equal(await page.getByLabel('理由').inputValue(), '四至不清。');
  await ctx.close();
});

test('a refused statement is spoken of line by line, beside each line’s own text', async () => {
  const path = 'POST /api/v1/bank/statements';
  const { ctx, page } = await visit('/work/finance', 'finance', {}, {
    [path]: refused(F('statement.amount', 'refusal', '金额有误', 'wrong amount', 'lines[3].amount_yuan', { line: '3' }))
  });
  await page.getByLabel('或粘贴内容').fill('date,line_id\n2026-03-01,A1\n2026-03-02,B2');
  await page.getByText('将导入 2 行').waitFor();
  await page.getByRole('button', { name: '导入' }).click();
  await page.getByText('整份文件未入账').waitFor();
  await page.getByText('第 3 行').waitFor();
  await page.getByText('2026-03-02, B2').waitFor();
  await ctx.close();
});

test('books that do not balance are said to be so', async () => {
  const { ctx, page } = await visit('/work/finance/books', 'supervisor', {}, {
    'GET /api/v1/books': { body: { accounts: [{ id: U(820), code: 'bank', posted_fen: 100, pending_fen: 0 }], sum_fen: 100 } }
  });
  await page.getByText('账不平').waitFor();
  await ctx.close();
});

test('a register is told what it lacks before it is sent', async () => {
  const { ctx, page } = await visit(`/work/collectives/${U(1)}`, 'clerk');
  const table = page.getByLabel('或从表格粘贴');
  await table.fill('姓名,性别\n甲,男');
  await page.getByText('缺少列：户号、身份证号、与户主关系').waitFor();
  await table.fill('户号,姓名,身份证号,与户主关系\n1,甲,x,户主\n,乙,,妻');
  await page.getByText('第 3 行缺少“身份证号”').waitFor();
  await page.getByRole('button', { name: '登记名册' }).click();
  assert.ok(!asked.some((call) => call.startsWith('PUT')));
  await ctx.close();
});

test('a page of another office asks the server for nothing', async () => {
  const { ctx, page } = await visit('/work/accounts', 'clerk');
  await page.getByText('您没有办理此事的权限').waitFor();
  assert.ok(!asked.some((call) => call.includes('/admin/')));
  await ctx.close();
});
