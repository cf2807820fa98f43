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
  offers: { zh: '竞价', en: 'Auctions' },
  contracts: { zh: '合同', en: 'Contracts' },
  party: { zh: '我的身份', en: 'My party' },

  assets: { zh: '资产', en: 'Assets' },
  drafts: { zh: '标的草稿', en: 'Drafts' },
  running: { zh: '进行中', en: 'Running lots' },
  members: { zh: '集体与成员', en: 'Collective and members' },

  queue: { zh: '待审', en: 'To review' },

  exchange: { zh: '公告与资格', en: 'Announcements' },
  collectives: { zh: '集体', en: 'Collectives' },

  money: { zh: '资金', en: 'Money' },

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

const collective = [
  link('/work/assets', 'assets'),
  link('/work/drafts', 'drafts'),
  link('/work/lots', 'running'),
  link('/work/contracts', 'contracts'),
  link('/work/collectives', 'members')
];
const review = link('/work/review', 'queue');
const collectives = link('/work/collectives', 'collectives');

/** For each role, its work. */
export const WORK: Readonly<Record<Role, readonly Link[]>> = {
  clerk: collective,
  chair: collective,
  member: [link('/work/lots', 'running')],
  bidder: [
    link('/my/registrations', 'registrations'),
    link('/my/deposits', 'deposits'),
    link('/my/bids', 'offers'),
    link('/my/contracts', 'contracts'),
    link('/my/profile', 'party')
  ],
  'township-reviewer': [review],
  'county-reviewer': [review, collectives],
  operator: [link('/work/exchange', 'exchange'), collectives],
  finance: [link('/work/finance', 'money')],
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
