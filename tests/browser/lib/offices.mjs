/**
 * What a server would answer the offices' pages, for tests of the pages alone. `answers(roles)` is for `serve`: the person signed in holds these
 * roles.
 */
import {
  F,
  U,
  accounts,
  alert,
  asset,
  books,
  check,
  collective,
  contract,
  day,
  deals,
  decision,
  deposits,
  docs,
  draft,
  drafts,
  iso,
  lines,
  lot,
  members,
  notice,
  payouts,
  postings,
  registrations,
  reviews,
  schedule,
  steps,
  summary
} from './offices-data.mjs';

export { F, U, drafts } from './offices-data.mjs';

const page = (items) => ({ body: { items } });
/** A refusal by the rules. */
export const refused = (...findings) => ({ status: 422, type: 'application/problem+json', body: { type: 'about:blank', title: 'refused', status: 422, findings } });

/** The answers for somebody with these roles; `log` gets each call as `METHOD path`. */
export function answers(roles, log = []) {
  return (method, path) => {
    if (path.startsWith('/api/')) log.push(`${method} ${path}`);
    const is = (m, re) => method === m && path.startsWith('/api/') && re.test(path);
    if (path === '/api/v1/time') return { body: { now: new Date().toISOString() } };
    if (path === '/api/v1/session/refresh')
      return {
        body: {
          access_token: 't',
          account: { id: U(999), username: 'demo', display_name: '陈晓', must_change_password: false },
          grants: roles.map((role) => ({ role, region: ['clerk', 'chair', 'member'].includes(role) ? '500155001203' : '500155' }))
        }
      };
    if (is('GET', /^\/api\/v1\/collectives$/)) return page([collective]);
    if (is('GET', /^\/api\/v1\/collectives\/[^/]+\/members$/)) return page(members);
    if (is('GET', /^\/api\/v1\/collectives\/[^/]+$/)) return { body: collective };
    if (is('PUT', /members$/)) return { body: { collective, joined: 4, left: 1, findings: [] } };
    if (is('GET', /^\/api\/v1\/assets$/))
      return page([
        asset,
        {
          ...asset,
          id: U(51),
          description: { ...asset.description, name: '一号塘', category: 'water', stated_mu: '42.3' },
          measured_mu: '42.1',
          findings: [],
          announced_lot_id: U(104)
        },
        {
          ...asset,
          id: U(52),
          description: { ...asset.description, name: '村口门面', category: 'operating-asset', stated_mu: null, quantity: '3', unit: '间' },
          measured_mu: null,
          findings: []
        }
      ]);
    if (is('GET', /\/assets\/[^/]+\/rights$/))
      return page([
        { id: U(60), asset_id: U(50), kind: 'lease', from_on: '2021-01-01', until_on: '2026-01-01', partial: false, state: 'past', recorded_at: iso(-900) }
      ]);
    if (is('GET', /\/assets\/[^/]+\/encumbrances$/))
      return page([{ id: U(61), asset_id: U(50), kind: 'mortgage', recorded_at: iso(-500), lifted_at: iso(-100) }]);
    if (is('GET', /^\/api\/v1\/assets\/[^/]+$/)) return { body: asset };
    if (is('POST', /surveys$/)) return { body: { area_square_metres: '250667.47', area_mu: '376.0012', srid: 4525, findings: [] } };
    if (is('POST', /drafts\/check$/)) return { body: check };
    if (is('GET', /^\/api\/v1\/drafts$/)) return page(drafts);
    if (is('GET', /\/drafts\/[^/]+\/plan$/)) return { body: { schedule, working_days: 20, deposit_fen: 6000000, rulebook: check.rulebook } };
    if (is('GET', /\/drafts\/[^/]+$/))
      return {
        body: drafts.find((d) => path.endsWith(d.id)) ?? {
          ...drafts[2],
          id: path.split('/').at(-1),
          ...(path.endsWith('110')
            ? { may: ['review'], documents: docs, reviews }
            : path.endsWith('111')
              ? { may: ['announce'], state: 'county-reviewed', reviews, check: { ...check, findings: [] } }
              : {})
        }
      };
    if (is('POST', /\/review$/))
      return refused(
        F(
          'review.four-eyes',
          'refusal',
          '您曾起草或提交本标的，不能审核自己经办的标的',
          'You drafted or submitted this lot; nobody reviews their own work',
          null,
          {},
          '规则手册 分级审核',
          '请由其他审核员办理',
          'Let another reviewer do it'
        )
      );
    if (is('GET', /review-queue$/))
      return page([
        draft(110, 'submitted', { may: ['review'], next_review: 'township', decision }),
        draft(111, 'county-reviewed', {
          may: ['announce'],
          decision,
          reviews,
          notice: { ...notice, title: '三岔村加工厂房出租', category: 'operating-asset' }
        }),
        draft(103, 'announced', { may: [] }),
        draft(112, 'submitted', { may: [], next_review: 'township' })
      ]);
    if (is('GET', /comparables$/)) return { body: deals };
    if (is('GET', /^\/api\/v1\/lots$/))
      return page([
        lot(103, 'announced'),
        lot(104, 'result-notice', { registrations: 3, qualified: 2, price_fen: 88000, total_fen: 171550000, sign_by_date: day(6) }),
        lot(106, 'suspended', { notes: [{ kind: 'suspended', text: '权属争议，等待处理。', noted_at: iso(-1) }] })
      ]);
    if (is('GET', /\/lots\/[^/]+\/registrations$/)) return page(registrations);
    if (is('GET', /\/lots\/[^/]+$/))
      return {
        body: path.endsWith('104')
          ? lot(104, 'result-notice', { registrations: 3, qualified: 2, price_fen: 88000, total_fen: 171550000, sign_by_date: day(6) })
          : path.endsWith('106')
            ? lot(106, 'suspended', { notes: [{ kind: 'suspended', text: '权属争议，等待处理。', noted_at: iso(-1) }] })
            : path.endsWith('105')
              ? lot(105, 'unsold')
              : lot(103, 'announced')
      };
    if (is('GET', /^\/api\/v1\/contracts$/))
      return page([
        contract(400, 'signing'),
        contract(401, 'settled', { transferor_signed_at: iso(-9), transferee_signed_at: iso(-8), outstanding_fen: 0, paid_fen: 28194800 }),
        contract(402, 'settled', { transferor_signed_at: iso(-99), transferee_signed_at: iso(-98), outstanding_fen: 0, certificate_number: 'YXJZ-2026-0001' })
      ]);
    if (is('GET', /\/contracts\/[^/]+$/)) return { body: contract(400, 'signing') };
    if (is('GET', /\/certificates\/[^/]+$/))
      return {
        body: {
          id: U(500),
          number: 'YXJZ-2026-0001',
          contract_number: 'YXHT-2026-002',
          lot_id: U(104),
          lot_name: notice.title,
          digest: 'aa'.repeat(32),
          status: 'valid',
          prints: 3,
          issued_on: day(-90)
        }
      };
    if (is('GET', /\/deposits$/)) return page(deposits);
    if (is('POST', /bank\/statements$/))
      return {
        body: {
          digest: 'ab'.repeat(32),
          lines: 12,
          new_lines: 9,
          matched: 7,
          unmatched: 2,
          findings: [
            F('line.no-reference', 'note', '没有附言码，该笔款项已列入待查', 'no code; the money stands by itself', null, {
              line: '4',
              'line-id': '20260313-000017'
            })
          ]
        }
      };
    if (is('GET', /bank\/unmatched$/)) return page(lines);
    if (is('GET', /payouts$/)) return page(payouts);
    if (is('GET', /\/books$/)) return { body: books };
    if (is('GET', /postings$/)) return page(postings);
    if (is('GET', /^\/api\/v1\/cases$/))
      return page([
        summary,
        { ...summary, lot_id: U(103), number: 'YX-2026-003', title: notice.title, open_alerts: 0, last_kind: 'registration.filed' },
        { ...summary, lot_id: U(100), number: '', title: '', open_alerts: 0, last_kind: 'lot.drafted', steps: 1 }
      ]);
    if (is('GET', /\/cases\/[^/]+$/))
      return {
        body: {
          summary,
          steps,
          lot: { ...drafts[4], check: null },
          money: { postings, deposits, contract: contract(400, 'signing', { my_side: 'none' }) },
          alerts: [alert(970, 'open'), alert(971, 'closed', { closed_at: iso(-1), reason: '经核实，水面含病害鱼塘，价格合理。', kind: 'single-bidder-again' })]
        }
      };
    if (is('GET', /\/alerts$/)) return page([alert(970, 'open'), alert(972, 'open', { kind: 'payment-late' })]);
    if (is('GET', /\/proof$/))
      return {
        body: {
          entry: { index: 1200, entry: '{"kind":"test"}', leaf_hash: '00'.repeat(32) },
          hashes: [],
          checkpoint: { size: 1, root: '00'.repeat(32), note: 'n', vkey: 'v' },
          proof: 'c2sp.org/tlog-proof@v1\n'
        }
      };
    if (is('GET', /admin\/accounts$/)) return page(accounts);
    if (is('POST', /admin\/accounts\/find$/)) return { body: accounts[1] };
    return undefined;
  };
}
