/** What stands in the menu, by role. The order is that of the work. */
import { messages } from '../i18n';
import type { Role } from './roles';

const t = messages({
  market: { zh: '市场', en: 'Market' },
  results: { zh: '成交公示', en: 'Results' },
  log: { zh: '公开账本', en: 'Public log' },
  verify: { zh: '如何验证', en: 'How to verify' },
  about: { zh: '交易流程', en: 'How it works' },

  registrations: { zh: '我的报名', en: 'My registrations' },
  deposits: { zh: '保证金', en: 'Deposits' },
  offers: { zh: '出价', en: 'Offers' },
  contracts: { zh: '合同', en: 'Contracts' },

  assets: { zh: '资产', en: 'Assets' },
  drafts: { zh: '标的草稿', en: 'Drafts' },
  running: { zh: '进行中', en: 'Running lots' },

  queue: { zh: '待审', en: 'To review' },

  announcing: { zh: '公告', en: 'Announcements' },
  qualifying: { zh: '资格审核', en: 'Qualification' },

  money: { zh: '资金', en: 'Money' },
  statements: { zh: '对账', en: 'Statements' },

  cases: { zh: '案卷', en: 'Case files' },
  alerts: { zh: '预警', en: 'Alerts' },

  accounts: { zh: '账号', en: 'Accounts' }
});

export interface Link {
  href: string;
  /** The label in the language shown. */
  readonly label: string;
}

function link(href: string, key: keyof typeof t.catalogue): Link {
  return {
    href,
    get label() {
      return t(key);
    }
  };
}

/** For everyone. */
export const PUBLIC: readonly Link[] = [
  link('/market', 'market'),
  link('/results', 'results'),
  link('/log', 'log'),
  link('/verify', 'verify'),
  link('/about', 'about')
];

const collective = [link('/work/assets', 'assets'), link('/work/drafts', 'drafts'), link('/work/lots', 'running')];
const review = [link('/work/reviews', 'queue')];

/** For each role, its work. */
export const WORK: Readonly<Record<Role, readonly Link[]>> = {
  clerk: collective,
  chair: [...collective, link('/work/contracts', 'contracts')],
  member: [link('/work/lots', 'running')],
  bidder: [
    link('/my/registrations', 'registrations'),
    link('/my/deposits', 'deposits'),
    link('/my/offers', 'offers'),
    link('/my/contracts', 'contracts')
  ],
  'township-reviewer': review,
  'county-reviewer': review,
  operator: [link('/work/announcements', 'announcing'), link('/work/qualification', 'qualifying')],
  finance: [link('/work/money', 'money'), link('/work/statements', 'statements')],
  supervisor: [link('/work/cases', 'cases'), link('/work/alerts', 'alerts'), link('/log', 'log')],
  administrator: [link('/work/accounts', 'accounts')]
};

/** The work of all the roles held, each address once. */
export function workOf(roles: readonly Role[]): Link[] {
  const seen = new Set<string>();
  return roles.flatMap((role) => WORK[role]).filter(({ href }) => !seen.has(href) && seen.add(href));
}

/** Whether a link leads to the page shown, or to one above it. */
export function leadsTo(link: Link, path: string): boolean {
  return path === link.href || path.startsWith(`${link.href}/`);
}
