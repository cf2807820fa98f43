import { messages } from '../messages';

export const home = messages({
  title: { zh: '农村产权，公开交易', en: 'Rural property rights, traded in the open' },
  lead: {
    zh: '集体资产和土地经营权在这里公告、报名、竞价、公示。规则公开，过程实时，每一步都可以验证。',
    en: 'Collective assets and land-use rights are announced, bid for and published here. The rules are public, bidding is live, and every step can be checked.'
  },
  searchLabel: { zh: '查找标的', en: 'Find a lot' },
  searchHint: { zh: '名称、地点或项目编号', en: 'Name, place or project number' },
  search: { zh: '查找', en: 'Search' },
  all: { zh: '全部标的', en: 'All lots' },

  bidder: { zh: '我想承租或受让', en: 'I want to lease or acquire' },
  bidderText: { zh: '查找标的，看公告和地块图；报名、交保证金后在线出价。', en: 'Find a lot, read the notice and its map; register, pay the deposit, then bid online.' },
  collective: { zh: '我代表村集体', en: 'I act for a collective' },
  collectiveText: {
    zh: '登记资产，起草标的，规则边填边查；民主决策后提交审核。',
    en: 'Record assets and draft a lot with the rules checked as you type; submit it after the collective’s decision.'
  },
  citizen: { zh: '我想监督', en: 'I want to check' },
  citizenText: {
    zh: '查看成交公示和公开账本；不信任交易中心也能验证每一笔。',
    en: 'Read the results and the public log; check every deal without having to trust the exchange.'
  },
  toMarket: { zh: '去市场', en: 'To the market' },
  toAbout: { zh: '看流程', en: 'How it works' },
  toVerify: { zh: '如何验证', en: 'How to verify' }
});
