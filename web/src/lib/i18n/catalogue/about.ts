import { messages } from '../messages';

export const about = messages({
  title: { zh: '交易流程', en: 'How it works' },
  lead: {
    zh: '一个标的从村集体起草，到交易鉴证，依次走过下面的步骤。每一步写入公开账本；期限和条件由公告时锁定的规则手册确定。',
    en: 'A lot goes through these steps, from the collective’s draft to the certificate. Each stands in the public log; terms and periods come from the rulebook pinned at the announcement.'
  },
  pictureTitle: { zh: '一个标的的一生', en: 'The life of a lot' },
  pictureText: {
    zh: '图：标的依次经过起草、民主决策、乡镇审核、县级审核、公告报名、报名截止、竞价、成交公示、合同、结算、鉴证十一步，分为集体决定、审核、公开交易、履约四个阶段。审核可退回修改，无人报名或出价为流标，不签约或不付款为违约，任何时候可依规则中止或终结。每一步都写入下方的公开账本。',
    en: 'Picture: a lot passes eleven steps: draft, decision, township review, county review, announcement and registration, registration closed, auction, result notice, contract, settlement, certificate; in four parts: the collective decides, review, open market, fulfilment. Review may return it; without registration or offer it is unsold; not signing or not paying is a default; it may be suspended or ended by rule at any time. Each step stands in the public log below.'
  },
  log: { zh: '公开账本：每一步一条记录', en: 'The public log: one entry for each step' },

  phase1: { zh: '集体决定', en: 'Collective' },
  phase2: { zh: '审核', en: 'Review' },
  phase3: { zh: '公开交易', en: 'Open market' },
  phase4: { zh: '履约', en: 'Fulfilment' },

  exitReturned: { zh: '退回修改', en: 'returned' },
  exitUnsold: { zh: '流标', en: 'unsold' },
  exitDefaulted: { zh: '违约', en: 'default' },
  exitStopped: { zh: '任何一步：依规则中止、恢复或终结', en: 'any step: suspended, resumed or ended by rule' },

  s1: { zh: '起草', en: 'Draft' },
  s2: { zh: '民主决策', en: 'Decision' },
  s3: { zh: '乡镇审核', en: 'Township review' },
  s4: { zh: '县级审核', en: 'County review' },
  s5: { zh: '公告报名', en: 'Announce, register' },
  s6: { zh: '报名截止', en: 'Registration closed' },
  s7: { zh: '竞价', en: 'Auction' },
  s8: { zh: '成交公示', en: 'Result notice' },
  s9: { zh: '签订合同', en: 'Contract' },
  s10: { zh: '付款结算', en: 'Settlement' },
  s11: { zh: '交易鉴证', en: 'Certificate' },

  stepsTitle: { zh: '每一步由谁办、怎么办', en: 'Who does each step, and how' },
  d1: {
    zh: '集体经办人选择已确权的资产，填写面积、期限、价格和用途。规则边填边查，意见写在字段旁边。',
    en: 'The collective’s clerk chooses an asset with title and states area, term, price and use. The rules are checked while typing, with findings beside each field.'
  },
  d2: {
    zh: '成员大会或成员代表大会表决，须经全体成员或全体代表的三分之二以上同意，不是到会人数的三分之二。集体负责人提交。',
    en: 'The members’ assembly, or that of their representatives, votes: two thirds of all of them must agree, not of those present. The chair submits.'
  },
  d3: { zh: '乡镇审核员核对材料和决策程序。自己提交的不能自己审。', en: 'The township’s reviewer checks documents and decision. Nobody reviews what they submitted.' },
  d4: { zh: '达到规则规定的规模时，还须县级主管部门审核。', en: 'Above the rulebook’s threshold the county department reviews too.' },
  d5: {
    zh: '交易中心发布公告，按工作日计算公告期。意向人报名并交保证金；有优先权的在此时主张。',
    en: 'The exchange announces the lot for a period counted in working days. Bidders register and pay the deposit; priority rights are claimed now.'
  },
  d6: { zh: '资格审核结束，确定谁可以出价。竞价前任何人都看不到是谁在参加。', en: 'Qualification is settled and it is certain who may bid. Until the close nobody can see who they are.' },
  d7: {
    zh: '先自由竞价，再限时竞价：限时内每次出价都会顺延结束时间。竞买人以号码出现，以服务器时间为准。',
    en: 'A free period, then a limited one in which each offer moves the end. Bidders appear as numbers; the server’s clock decides.'
  },
  d8: { zh: '成交结果公示，接受异议。未成交者的保证金原路退回。', en: 'The result is published and open to objection. The others’ deposits go back the way they came.' },
  d9: { zh: '转让方和受让方签订合同，条款与公告一致。', en: 'Transferor and transferee sign the contract, on the terms announced.' },
  d10: { zh: '受让方付款，价款进入集体账户。每一分钱都有复式记账。', en: 'The transferee pays and the money goes to the collective’s account. Every fen stands in double entry.' },
  d11: { zh: '交易中心出具交易鉴证书，带摘要和二维码，可查到账本记录。', en: 'The exchange issues the certificate, with a digest and a code that lead to its log entry.' },

  threeTitle: { zh: '三变：资源变资产、资金变股金、农民变股东', en: 'The three transformations (三变)' },
  threeLead: {
    zh: '“三变”把村里的资源、资金和人连接起来：资源有了权证和价值，资金成为有约定的股份，农户凭股份分红。',
    en: 'They tie together what a village has: its resources gain title and value, its funds become shares with terms, and its households receive dividends by their shares.'
  },
  one: { zh: '资源变资产', en: 'Resources become assets' },
  oneText: {
    zh: '土地、林地、水面、房屋等资源，经清产核资、确权、评估，成为可以流转或作价入股的资产。',
    en: 'Land, forest, water and buildings are inventoried, titled and valued, and become assets that can be transferred or contributed at their value.'
  },
  oneChain: { zh: '清产核资 → 确权 → 评估 → 资产卡片 → 流转或入股', en: 'inventory → title → valuation → asset card → transfer or contribution' },
  two: { zh: '资金变股金', en: 'Funds become shares' },
  twoText: {
    zh: '财政投入、帮扶资金和集体资金（不含直接补贴和社保资金）投入项目，折成股份，约定保底、比例和退出方式。',
    en: 'Fiscal and assistance funds and the collective’s cash (not direct subsidies, not social security) are invested as shares, with a floor, a ratio and exit terms agreed.'
  },
  twoChain: { zh: '资金来源 → 投入项目 → 折股 → 保底与分红 → 退出', en: 'source → project → shares → floor and dividend → exit' },
  three: { zh: '农民变股东', en: 'Farmers become shareholders' },
  threeText: {
    zh: '成员登记在册，股权量化到人或到户，发给股权证，按股分红；内部可以转让和继承。',
    en: 'Members are registered, shares are quantified per person or household, certificates are issued, and dividends follow the shares; they can be transferred inside the collective and inherited.'
  },
  threeChain: { zh: '成员名册 → 股权量化 → 股权证 → 收益分配', en: 'members’ register → quantification → share certificate → distribution' }
});
