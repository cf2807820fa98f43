/**
 * A whole public transfer on the real program, through the pages, as each of the people: from the account of the clerk to the certificate and the
 * supervisor's case file.
 *
 * By the API, not by pages: the accounts of the staff after the first (the same page would be walked eight times), the moving of the clock (no page
 * moves it), and reading the state that a step waits for.
 */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { account, parcel, register, resident, statement, uscc } from './lib/nobody.mjs';
import { everybody, faultsOf, person } from './lib/person.mjs';
import { ADMINISTRATOR, caller, startProgram, until } from './lib/program.mjs';

const COUNTY = '500229';
const TOWNSHIP = '500229101';
const VILLAGE = '500229101201';
const PASSWORD = 'ceshi-yong-2026-kouling';
const COLLECTIVE = '测试一村股份经济合作社';
const TITLE = '测试一村二组机动地 60 亩';
const MU = 60;
/** Per mu and year, in yuan. */
const RESERVE = 600;
const STAFF = [
  ['chair', 'chair', VILLAGE],
  ['township', 'township-reviewer', TOWNSHIP],
  ['county', 'county-reviewer', COUNTY],
  ['operator', 'operator', COUNTY],
  ['finance', 'finance', COUNTY],
  ['finance2', 'finance', COUNTY],
  ['supervisor', 'supervisor', COUNTY]
];
const BIDDERS = [1, 2].map((number) => ({ username: `bidder${number}`, name: `测试竞买人${number}`, account: account(number), id: resident(1980, number) }));

let program;
let browser;
let api;
/** Who sits at which browser, by name. */
const at = {};
/** What became known on the way. */
const known = {};
let broken = false;

/** A step of the walk. After one that failed the later ones can only fail for its sake, and say so at once. */
function step(name, work) {
  test(name, { timeout: 180_000 }, async () => {
    if (broken) throw new Error('an earlier step of the walk failed');
    try {
      await work();
    } catch (error) {
      broken = true;
      for (const who of everybody) await who.keep(`failed-${who.name}`).catch(() => undefined);
      const said = everybody.flatMap(faultsOf);
      throw said.length > 0 ? new Error(`${error.message}\nThe pages said: ${said.join('\n')}`, { cause: error }) : error;
    }
  });
}

const sit = async (name, options) => (at[name] = await person(browser, program.url, name, options));
const lotOf = () => api('GET', `/api/v1/lots/${known.lot}`);
const reached = (...states) => until(`the lot is ${states}`, async () => (states.includes((await lotOf()).state) ? lotOf() : null));
const now = async () => Date.parse((await api('GET', '/api/v1/time')).now);
/** A day in Shanghai, so many days from today. */
const day = async (days) => new Date((await now()) + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

/** Moves the clock just past an instant. */
async function past(instant) {
  const seconds = Math.ceil((instant - (await now())) / 1000) + 1;
  if (seconds > 0) await api('POST', '/api/v1/demo/clock', { seconds });
}

/** Finance imports a statement from the bank as a file. */
async function imports(name, rows, matched) {
  const { page, go, press, sees } = at.finance;
  await go('/work/finance');
  const csv = statement(await day(0), rows);
  await page.locator('input[type=file]').setInputFiles({ name: `${name}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await sees(`将导入 ${rows.length} 行`);
  await press('导入');
  await sees('导入结果');
  const figure = async (title) => page.locator('dl > div', { has: page.getByText(title, { exact: true }) }).locator('dd').first().innerText();
  assert.equal(await figure('已入账'), String(matched));
  assert.equal(await figure('待查'), '0');
}

before(async () => {
  [program, browser] = await Promise.all([startProgram(), launch()]);
  api = caller(program.url, ADMINISTRATOR);
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

step('the administrator makes an account for the clerk and grants the role; the clerk must choose a password first', async () => {
  const admin = await sit('administrator');
  await admin.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await admin.go('/work/accounts');
  await admin.act('开设账号', (dialog) => admin.fill({ username: 'clerk', display_name: '测试经办人', region: VILLAGE, initial_password: `${PASSWORD}-chushi` }, dialog));
  await admin.sees('请现在记下');
  const grant = { role: 'clerk', region: VILLAGE };
  await admin.act('授予角色', (dialog) => admin.fill(grant, dialog));
  await admin.page.getByRole('list', { name: '角色' }).first().getByText('集体经办人').first().waitFor();
  await admin.picture('01-accounts');

  const clerk = await sit('clerk');
  await clerk.signIn('clerk', `${PASSWORD}-chushi`);
  await clerk.sees('请先修改密码');
  await clerk.fill({ current_password: `${PASSWORD}-chushi`, new_password: PASSWORD });
  await clerk.press('修改密码');
  await clerk.page.getByText('请先修改密码').waitFor({ state: 'detached' });

  // The others alike, by the API.
  for (const [username, role, region] of STAFF) {
    const initial = `${PASSWORD}-chushi`;
    const made = await api('POST', '/api/v1/admin/accounts', { username, initial_password: initial, display_name: `测试${username}`, region });
    await api('POST', `/api/v1/admin/accounts/${made.id}/grants`, { role, region });
    await caller(program.url, { username, password: initial })('POST', '/api/v1/me/password', { current_password: initial, new_password: PASSWORD });
  }
});

step('the operator registers the collective, the clerk its members', async () => {
  const operator = await sit('operator');
  await operator.signIn('operator', PASSWORD);
  await operator.go('/work/collectives/new');
  await operator.fill({
    name: COLLECTIVE, uscc: uscc(1), region: VILLAGE, address: '测试县测试镇测试一村', legal_representative: '测试理事长', 'bank_account.bank': '测试银行', 'bank_account.number': account(9001)
  });
  await operator.press('登记');
  await operator.page.waitForURL(/collectives\/[0-9a-f-]{36}$/);
  known.collective = operator.page.url().split('/').at(-1);

  const { clerk } = at;
  await clerk.go(`/work/collectives/${known.collective}`);
  await clerk.page.locator('input[type=file]').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(register(20)) });
  await clerk.sees('读到 20 户 60 人');
  await clerk.page.getByLabel('我确认这是完整的名册。').check();
  await clerk.press('登记名册');
  await clerk.sees('加入 60 人');
  const kept = await caller(program.url, { username: 'clerk', password: PASSWORD })('GET', `/api/v1/collectives/${known.collective}`);
  assert.equal(kept.voters, 60);
});

step('the clerk registers the parcel, whose area is measured while it is typed', async () => {
  const { clerk } = at;
  await clerk.go('/work/assets/new');
  await clerk.fill({
    category: 'collective-land', name: TITLE, location: '东至路，西至河，南至沟，北至林', land_use: '耕地', stated_mu: String(MU), geometry: JSON.stringify(parcel(MU))
  });
  await clerk.sees(/实测 60\.00\d* 亩，合 40,0\d\d/);
  await clerk.picture('02-asset');
  await clerk.press('登记');
  await clerk.page.waitForURL(/assets\/[0-9a-f-]{36}$/);
  await clerk.settled();
});

step('the clerk drafts the lot; what the rules refuse stands beside its field until it is put right', async () => {
  const { clerk } = at;
  const { page } = clerk;
  await clerk.page.getByRole('link', { name: '以此起草标的' }).click();
  await page.getByRole('heading', { level: 1, name: '起草标的' }).waitFor();
  await page.waitForFunction((title) => document.querySelector('[name=title]')?.value === title, TITLE);
  await clerk.fill({ mode: 'lease', holder: 'collective', term: 'length' });
  await page.getByLabel('年', { exact: true }).fill('3');
  await page.getByLabel('计价方式').selectOption('mu-year');
  await clerk.fill({ 'price.reserve': String(RESERVE), 'price.escalator': 'none', method: 'ascending', payment: 'every-years', priority: 'none', intended_use: '种植粮食作物', deposit: '100' });
  await clerk.fill({ 'method.step': '10' });
  const deposit = page.locator('.field', { has: page.locator('[name=deposit]') });
  await deposit.locator('.findings li').first().waitFor();
  assert.equal(await clerk.field('deposit').getAttribute('aria-invalid'), 'true');
  await clerk.picture('03-draft-with-findings');
  await clerk.fill({ deposit: '5000' });
  await deposit.locator('.findings li').first().waitFor({ state: 'detached' });
  // 60 mu at 600 yuan for 3 years, as the server reckons it.
  await page.getByRole('complementary').getByText('108,000').first().waitFor();
  await clerk.press('保存草稿');
  await page.waitForURL(/drafts\/[0-9a-f-]{36}$/);
  known.lot = page.url().split('/').at(-1);
  await clerk.settled();
});

step('the clerk uploads the minutes and records the decision: two thirds of all, not of those present', async () => {
  const { clerk } = at;
  const { page } = clerk;
  await clerk.fill({ 'document.kind': 'minutes' });
  await page.locator('input[type=file][name=document]').setInputFiles({ name: '会议记录.txt', mimeType: 'text/plain', buffer: Buffer.from('测试一村成员大会会议记录\n') });
  await clerk.press('上传并绑定');
  await page.getByRole('table').getByText('会议记录.txt').or(page.getByText('会议记录.txt')).first().waitFor();

  await clerk.fill({ notice_on: await day(-16), held_on: await day(-2), eligible: '60', present: '45', in_favour: '35', against: '5', abstained: '5', party_discussed_on: await day(-18) });
  await clerk.sees('还差 5 人');
  await clerk.sees('虽达到到会 45 人的三分之二');
  await clerk.picture('04-decision-too-few');
  await clerk.fill({ present: '60', in_favour: '57', against: '1', abstained: '2' });
  await clerk.sees('赞成 57 人，达到');
  await page.locator('select[name=minutes_digest]').selectOption({ label: '会议记录.txt' });
  await clerk.press('登记决议');
  await clerk.sees('应到 60 人，实到 60 人');
});

step('the chair submits; township and county approve, each in their queue', async () => {
  const chair = await sit('chair');
  await chair.signIn('chair', PASSWORD);
  await chair.go('/work/drafts');
  await chair.page.getByRole('link', { name: TITLE }).click();
  await chair.settled();
  await chair.act('提交审核');
  await chair.sees('已提交');

  for (const [name, words] of [['township', '乡镇审核'], ['county', '县级审核']]) {
    const reviewer = await sit(name, name === 'township' ? { screen: 'phone' } : {});
    await reviewer.signIn(name, PASSWORD);
    await reviewer.go('/work/review');
    await reviewer.picture(`05-queue-${name}`);
    await reviewer.page.getByRole('link', { name: TITLE }).click();
    await reviewer.page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
    await reviewer.sees(words, reviewer.page.locator('.verdict'));
    await reviewer.page.getByLabel('通过').first().check();
    await reviewer.fill({ reasons: '材料齐全，程序合规。' });
    await reviewer.press('提交审核意见');
    await reviewer.page.waitForURL(/\/work\/review$/);
    await reviewer.sees('没有等待您审核的标的');
  }
});

step('the operator announces the lot, with the dates that the rules give; everyone reads it', async () => {
  const { operator } = at;
  await operator.go('/work/exchange');
  await operator.page.getByRole('link', { name: TITLE }).click();
  await operator.page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
  await operator.page.getByText('报名截止').first().waitFor();
  await operator.picture('06-announce');
  await operator.act('发布公告');
  await operator.page.waitForURL(/\/work\/exchange\/lots\//);
  const lot = await lotOf();
  assert.equal(lot.state, 'announced');
  known.number = lot.number;

  const visitor = await sit('visitor', { screen: 'phone' });
  await visitor.go('/market');
  await visitor.page.getByRole('link', { name: TITLE }).first().click();
  await visitor.sees(lot.number);
  await visitor.sees('距报名截止');
  await visitor.picture('07-lot');
});

step('two bidders sign up, say who they are, register, and read how to pay their deposits', async () => {
  for (const [index, bidder] of BIDDERS.entries()) {
    const who = await sit(bidder.username, index === 1 ? { screen: 'phone' } : {});
    await who.go('/sign-up');
    await who.fill({ username: bidder.username, display_name: bidder.name, password: PASSWORD });
    await who.press('注册');
    await who.page.waitForURL(/\/market$/);
    await who.settled();
    await who.page.getByRole('link', { name: TITLE }).first().click();
    await who.page.getByRole('link', { name: '我要报名' }).click();
    await who.page.getByRole('link', { name: '去登记' }).click();
    await who.fill({ name: bidder.name, identity_number: bidder.id, mobile: `1390000000${index + 1}`, address: '测试地址', 'bank_account.bank': '测试银行', 'bank_account.number': bidder.account });
    if (index === 0) await who.picture('08-profile');
    await who.press('登记');
    await who.page.getByRole('link', { name: '继续报名' }).click();
    await who.page.getByLabel('我已阅读').or(who.field('accepts_terms')).first().check();
    await who.press('提交报名');
    await who.page.waitForURL(/\/my\/registrations/);
    await who.settled();
    // The code comes once the settlement has heard of the registration.
    await until('the deposit’s code', async () => {
      if (await who.page.getByText('缴款码（写入附言）').count()) return true;
      await who.go('/my/registrations');
      return false;
    });
    const line = who.page.locator('dl > div', { has: who.page.getByText('缴款码（写入附言）') }).locator('.mono').first();
    bidder.reference = (await line.innerText()).trim();
    assert.match(bidder.reference, /^[0-9A-Z-]{6,}$/);
    await who.sees('人民币伍仟元整');
    if (index === 1) await who.picture('09-deposit');
  }
});

step('the operator accepts both; finance imports the bank’s statement; both may bid', async () => {
  const { operator } = at;
  await operator.go(`/work/exchange/lots/${known.lot}`);
  for (let left = 2; left > 0; left -= 1) {
    await until(`${left} to decide`, async () => (await operator.page.getByRole('button', { name: '资格通过', exact: true }).count()) === left);
    await operator.act('资格通过');
  }
  await until('all decided', async () => (await operator.page.getByRole('button', { name: '资格通过', exact: true }).count()) === 0);
  await operator.picture('10-registrations');

  const finance = await sit('finance');
  await finance.signIn('finance', PASSWORD);
  await imports('deposits', BIDDERS.map((bidder, index) => ({ line: `W-D${index}`, way: 'in', fen: 500_000, name: bidder.name, account: bidder.account, remark: bidder.reference })), 2);
  await finance.picture('11-statement');
  for (const { username } of BIDDERS) {
    await until(`${username} may bid`, async () => {
      await at[username].go('/my/registrations');
      return at[username].page.getByText('可以参加竞价').count();
    });
  }
});

step('the auction: who is outbid sees it at once, an odd amount is asked about again, the close comes to everyone', async () => {
  const { schedule } = await lotOf();
  await past(Date.parse(schedule.registration_closes));
  await reached('registration-closed', 'bidding');
  await past(Date.parse(schedule.auction_opens));
  await until('the room is open', async () => (await api('GET', `/api/v1/lots/${known.lot}/room`)).phase === 'free');
  const [first, second] = BIDDERS.map(({ username }) => at[username]);
  const { visitor } = at;
  for (const who of [first, second, visitor]) {
    await who.go(`/lots/${known.lot}/room`);
    await who.page.getByText('自由竞价').first().waitFor();
  }
  await visitor.sees('登录后出价');

  await first.withoutReload(() => second.withoutReload(() => visitor.withoutReload(async () => {
    await first.press(/按起始价出价/);
    await first.sees('您领先');
    await visitor.page.getByRole('row').filter({ hasText: '600' }).first().waitFor();
    await second.press(/^出价 .*610/);
    await second.sees('您领先');
    await first.sees('您已被超过');
    await first.picture('12-room-outbid');

    // One zero too many: asked about again, and taken back.
    await first.field('amount_fen').fill('6500');
    await first.press('按此金额出价');
    const ask = first.page.getByRole('dialog', { name: '请再次核对金额' });
    await ask.waitFor();
    await first.picture('13-room-ask-again');
    await ask.getByRole('button', { name: '返回修改' }).click();
    await ask.waitFor({ state: 'hidden' });
    assert.equal((await api('GET', `/api/v1/lots/${known.lot}/room`)).offers, 2);
    await first.field('amount_fen').fill('650');
    await first.press('按此金额出价');
    await second.sees('您已被超过');
    await second.picture('14-room-phone');

    const room = await api('GET', `/api/v1/lots/${known.lot}/room`);
    assert.equal(room.leading_fen, 65_000);
    await past(Date.parse(room.ends_at));
    for (const who of [first, second, visitor]) await who.page.getByText('竞价结束').first().waitFor();
    await first.sees('您已成交');
    await visitor.sees(/号竞买人成交/);
  })));
  await first.picture('15-room-closed');
});

step('the result is published, and its notice runs out', async () => {
  await reached('result-notice');
  const { visitor } = at;
  await visitor.go(`/lots/${known.lot}`);
  const result = visitor.page.locator('section.result');
  await result.getByText('650').first().waitFor();
  await result.getByText('人民币壹拾壹万柒仟元整').waitFor();
  await visitor.picture('16-result');
  await api('POST', '/api/v1/demo/clock', { seconds: 10 * 86_400 });
  await reached('contract');
});

step('the chair and the winner sign the same digest', async () => {
  const { chair } = at;
  await chair.go('/work/contracts');
  await chair.page.getByRole('link').filter({ hasText: new RegExp(`${TITLE}|HT|${known.number}`) }).first().click();
  await chair.page.waitForURL(/\/work\/contracts\/[0-9a-f-]{36}$/);
  await chair.settled();
  await chair.act('签署合同', (dialog) => dialog.getByLabel('我已逐条核对').check());
  await chair.sees('已于');
  known.contract = chair.page.url().split('/').at(-1);

  const winner = at[BIDDERS[0].username];
  await winner.go('/my/contracts');
  await winner.page.getByRole('main').getByRole('link').filter({ hasText: TITLE }).first().click();
  await winner.page.waitForURL(/\/my\/contracts\/[0-9a-f-]{36}$/);
  await winner.settled();
  await winner.picture('17-contract');
  await winner.act('签订合同', (dialog) => dialog.getByLabel('我已核对条款').check());
  await winner.sees('已签订，待付款');
});

step('finance books the payment, and the operator issues the certificate, which everyone can check', async () => {
  const winner = at[BIDDERS[0].username];
  await until('what is to be paid', async () => {
    await winner.go(`/my/contracts/${known.contract}`);
    return winner.page.getByText('缴款码（写入附言）').count();
  });
  const code = await winner.page.locator('dl > div', { has: winner.page.getByText('缴款码（写入附言）') }).locator('.mono').first().innerText();
  const owed = await winner.page.locator('.owed').innerText();
  const fen = Math.round(Number(owed.replaceAll(/[^0-9.]/g, '')) * 100);
  await imports('payment', [{ line: 'W-P', way: 'in', fen, name: BIDDERS[0].name, account: BIDDERS[0].account, remark: code.trim() }], 1);
  await reached('settled');

  const { operator, visitor } = at;
  await until('a contract to certify', async () => {
    await operator.go('/work/exchange/certificates');
    return operator.page.getByRole('button', { name: '出具鉴证书', exact: true }).count();
  });
  await operator.act('出具鉴证书');
  await operator.page.getByRole('link', { name: '查看', exact: true }).waitFor();
  const { certificate_number: number } = await caller(program.url, { username: 'chair', password: PASSWORD })('GET', `/api/v1/contracts/${known.contract}`);
  await reached('certified');

  await until('its entry in the log', async () => {
    await visitor.go(`/certificates/${number}`);
    return visitor.page.getByText('已核对：账本中记录的摘要与本鉴证书一致。').count();
  });
  await visitor.sees(number);
  await visitor.sees('壹拾壹万柒仟元整');
  await visitor.sees('自然人');
  // Nobody's number is told.
  assert.equal((await visitor.page.locator('article').innerText()).includes(BIDDERS[0].id), false);
  await visitor.picture('18-certificate');
});

step('a second person confirms the payouts, the bank pays, and the books add up to zero', async () => {
  const second = await sit('finance2');
  await second.signIn('finance2', PASSWORD);
  const toConfirm = () => second.page.getByRole('button', { name: '复核付款', exact: true }).count();
  await until('two payouts', async () => {
    await second.go('/work/finance/payouts');
    return (await toConfirm()) === 2;
  });
  // What the bank will pay out, by the list; the accounts are the payees' own.
  const rows = await second.page.getByRole('table').getByRole('row').filter({ has: second.page.getByRole('cell') }).all();
  const paid = await Promise.all(
    rows.map(async (row, index) => {
      const [, purpose, amount, reference] = await row.locator('td .value').allInnerTexts();
      const fen = Math.round(Number(amount.replaceAll(/[^0-9.]/g, '')) * 100);
      const to = purpose.includes('保证金') ? BIDDERS[1] : { name: COLLECTIVE, account: account(9001) };
      return { line: `W-O${index}`, way: 'out', fen, name: to.name, account: to.account, remark: reference.trim() };
    })
  );
  assert.deepEqual(paid.map(({ fen }) => fen).sort(), [3_900_000, 500_000].sort());
  await second.picture('19-payouts');
  for (let left = 2; left > 0; left -= 1) {
    await until(`${left} payouts to confirm`, async () => (await toConfirm()) === left);
    await second.act('复核付款');
  }
  await imports('payouts', paid, 2);
  const loser = at[BIDDERS[1].username];
  await until('the deposit is back', async () => {
    await loser.go('/my/deposits');
    return loser.page.getByText('已退回').count();
  });
  await at.finance.go('/work/finance/books');
  await at.finance.sees('账平。');
  await at.finance.picture('20-books');
});

step('the supervisor reads every step in the case file, checks a proof on the device, and finds the alerts’ page', async () => {
  const supervisor = await sit('supervisor');
  await supervisor.signIn('supervisor', PASSWORD);
  await supervisor.go('/work/cases');
  await supervisor.page.getByRole('link', { name: TITLE }).click();
  await supervisor.page.getByRole('heading', { name: '全过程' }).waitFor();
  const steps = (await supervisor.page.locator('main ol > li .head strong').allInnerTexts()).map((text) => text.trim());
  assert.ok(steps.length >= 25, `only ${steps.length} steps: ${steps}`);
  await supervisor.page.getByRole('button', { name: '在本机核验' }).first().click();
  await supervisor.sees(/已核验：这一条在账本中/);
  await supervisor.picture('21-case');
  await supervisor.go('/work/alerts');
  await supervisor.sees('没有这样的预警');
  await supervisor.picture('22-alerts');
});

step('the log’s explorer shows the lot’s entries to everyone', async () => {
  const { visitor } = at;
  await visitor.go('/log');
  await visitor.page.getByLabel('对象').fill(known.lot);
  await visitor.press('查找');
  await visitor.page.waitForURL(/subject=lot/);
  await visitor.sees('找到的记录');
  await visitor.page.locator('ol.entries li').nth(5).waitFor();
  await visitor.picture('23-log');
  await visitor.page.locator('ol.entries a.index').first().click();
  await visitor.sees(/已在本机核对：这条记录在账本里/);
  await visitor.picture('24-entry');
});

step('no page raised a fault on the whole way', async () => {
  assert.deepEqual(everybody.flatMap(faultsOf), []);
});
